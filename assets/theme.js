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
        document.querySelectorAll("[data-theme]").forEach((button) => (button.ariaPressed = button.dataset.theme === choice));
    };

    document.addEventListener("click", ({ target }) => {
        const chosen = target.closest?.("[data-theme]")?.dataset.theme;
        if (!chosen) {
            return;
        }
        choice = chosen;
        try {
            localStorage.setItem(KEY, chosen);
        } catch {
            // The choice then lasts as long as the page.
        }
        apply();
    });

    // The switch is drawn some time after this script has run.
    new MutationObserver((_changes, observer) => {
        if (document.querySelector("[data-theme]")) {
            apply();
            observer.disconnect();
        }
    }).observe(document, { subtree: true, childList: true });

    systemIsDark.addEventListener("change", apply);
    // Paper is light.
    addEventListener("beforeprint", () => (document.documentElement.dataset.bsTheme = "light"));
    addEventListener("afterprint", apply);
    apply();
})();
