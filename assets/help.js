// The keyboard, the first visit's hint, and the quiet word that newer data are there.
(() => {
    const HINT_KEY = "marquee-hint";
    const ASK_EVERY_MS = 60_000;

    const dialog = () => document.getElementById("help");
    const search = () => document.querySelector("main [data-search]:not([hidden])") ?? document.getElementById("find");
    const isTyping = ({ target }) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

    document.addEventListener("keydown", (event) => {
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || dialog()?.open) {
            return;
        }
        const act = {
            "/": () => search()?.focus(),
            "?": () => dialog()?.showModal(),
            u: () => window.marquee.undo(),
        }[event.key];
        if (act) {
            event.preventDefault();
            act();
        }
    });

    document.addEventListener("click", ({ target }) => {
        if (target.closest?.("#open-help")) {
            dialog().showModal();
        } else if (target.closest?.("#close-help") || target === dialog()) {
            dialog().close();
        } else if (target.closest?.("#close-hint")) {
            document.getElementById("hint").hidden = true;
            try {
                localStorage.setItem(HINT_KEY, "seen");
            } catch {
                // Storage may be forbidden; the hint then comes back with the next visit.
            }
        }
    });

    const isFirstVisit = () => {
        try {
            return localStorage.getItem(HINT_KEY) === null;
        } catch {
            return true;
        }
    };

    const lookForNewerData = async () => {
        const shown = document.querySelector("[data-build]")?.dataset.build;
        if (!shown || document.hidden) {
            return;
        }
        const answer = await fetch("/health").catch(() => null);
        const health = answer?.ok ? await answer.json() : null;
        document.getElementById("newer").hidden = !health || health.build === shown;
    };
    setInterval(lookForNewerData, ASK_EVERY_MS);
    document.addEventListener("visibilitychange", lookForNewerData);

    // The shell is drawn by Dash some time after this script has run.
    new MutationObserver((_changes, observer) => {
        // It waits until there is something to click.
        if (document.querySelector(".card-body [data-pick], .card-body .lines")) {
            document.getElementById("hint").hidden = !isFirstVisit();
            observer.disconnect();
        }
    }).observe(document, { subtree: true, childList: true });
})();
