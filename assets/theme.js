// Runs before the first paint, so that a page never flashes in the wrong colours.
(() => {
    const KEY = "marquee-theme";
    const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
    let stored = null;
    try {
        stored = localStorage.getItem(KEY);
    } catch {
        // Storage may be forbidden; the theme then follows the system.
    }
    let choice = ["light", "dark"].includes(stored) ? stored : "system";

    const apply = () => {
        const theme = choice === "system" ? (systemIsDark.matches ? "dark" : "light") : choice;
        document.documentElement.dataset.bsTheme = theme;
    };

    window.marqueeTheme = {
        choice: () => choice,
        choose: (chosen) => {
            choice = chosen;
            try {
                localStorage.setItem(KEY, chosen);
            } catch {
                // The choice then lasts as long as the page.
            }
            apply();
        },
    };

    systemIsDark.addEventListener("change", apply);
    // Paper is light.
    addEventListener("beforeprint", () => (document.documentElement.dataset.bsTheme = "light"));
    addEventListener("afterprint", apply);
    apply();
})();
