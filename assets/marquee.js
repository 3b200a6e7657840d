// The few things that only the browser can do.
(() => {
    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        marquee: {
            // Without a choice, tells which one is kept.
            keepTheme: (chosen) => {
                if (!chosen) {
                    return window.marqueeTheme.choice();
                }
                window.marqueeTheme.choose(chosen);
                return window.dash_clientside.no_update;
            },
        },
    });

    // Panels that open beside their button: one at a time, closed by Escape or a click elsewhere, kept on the screen.
    const openPanels = () => document.querySelectorAll("details.disclosure[open]");
    const GAP_PX = 8;

    document.addEventListener(
        "toggle",
        ({ target }) => {
            if (!target.matches?.("details.disclosure[open]")) {
                return;
            }
            openPanels().forEach((panel) => panel !== target && (panel.open = false));
            const popout = target.querySelector(".popout");
            popout.style.translate = "0";
            const { left, right } = popout.getBoundingClientRect();
            const roomRight = document.documentElement.clientWidth - GAP_PX - right;
            // It hangs from its button's right edge, so a panel near the left edge is moved right; never the other way round.
            popout.style.translate = `${left < GAP_PX ? GAP_PX - left : Math.min(0, roomRight)}px`;
        },
        true,
    );
    document.addEventListener("click", ({ target }) => {
        openPanels().forEach((panel) => panel.contains(target) || (panel.open = false));
    });

    // On narrow screens the filters are a drawer.
    const drawer = () => document.getElementById("filters");
    const setDrawer = (open) => {
        const button = document.getElementById("open-filters");
        drawer().dataset.open = open;
        button.setAttribute("aria-expanded", open);
        document.getElementById("main").inert = open;
        if (open) {
            drawer().querySelector("select, button, input")?.focus();
        } else {
            button.focus();
        }
    };
    document.addEventListener("click", ({ target }) => {
        if (target.closest?.("#open-filters, #close-filters")) {
            setDrawer(drawer().dataset.open !== "true");
        } else if (drawer()?.dataset.open === "true" && !drawer().contains(target)) {
            setDrawer(false);
        }
    });

    document.addEventListener("keydown", (event) => {
        // An open list takes the key for itself.
        if (event.key !== "Escape" || event.defaultPrevented) {
            return;
        }
        const panels = [...openPanels()];
        if (panels.length) {
            panels.forEach((panel) => {
                panel.open = false;
                panel.querySelector("summary").focus();
            });
        } else if (drawer()?.dataset.open === "true") {
            setDrawer(false);
        }
    });
})();
