// The few things that only the browser can do.
(() => {
    // The address is the page's state; whatever changes it goes this way, so that Dash and the Back button follow.
    const goTo = (search, { instead = false } = {}) => {
        if (instead) {
            past.pop();
        }
        history[instead ? "replaceState" : "pushState"]({}, "", `${location.pathname}${search ? "?" : ""}${search}`);
        dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    };
    const parametersNow = () => new URLSearchParams(location.search);
    const optionsOnPage = () => document.querySelectorAll("[data-option], [data-typed-option] input");
    const optionOf = (control) => control.dataset.option ?? control.closest("[data-typed-option]").dataset.typedOption;
    // A field that does nothing with what else is chosen is not there, one whose number is out of bounds says so beside it,
    // and the button before others tells that something behind it is chosen.
    const isOutOfBounds = (control, typed) => {
        const [low, high] = control.closest("[data-between]").dataset.between.split(" ").map(Number);
        const number = Number(typed.trim().replace(/\s*%$/, "").replace(",", "."));
        return !(number >= low && number <= high) || (control.inputMode === "numeric" && !Number.isInteger(number));
    };
    const showAsUsed = (control, parameters) => {
        const field = control.closest("[data-typed-option]");
        if (field?.dataset.onlyWith) {
            const [other, value] = field.dataset.onlyWith.split("=");
            field.hidden = parameters.get(other) !== value;
        }
        if (field?.dataset.between) {
            const typed = parameters.get(optionOf(control)) ?? control.placeholder;
            const isWrong = typed !== control.placeholder && isOutOfBounds(control, typed);
            control.ariaInvalid = isWrong;
            field.querySelector(".problem").hidden = !isWrong;
        }
        const behind = control.closest(".card-options");
        if (behind) {
            const others = [...behind.querySelectorAll("[data-option], [data-typed-option] input")];
            behind.closest("details").toggleAttribute("data-chosen", others.some((other) => parameters.has(optionOf(other))));
        }
    };
    // A field that has been typed into, whose text is not in the address yet.
    let typing;

    // Where the page has been, for Undo: the addresses of this page since it was opened.
    let past = [];
    let isStepBack = false;
    const keepPast = (search, pathname) => {
        const here = `${pathname}${search}`;
        if (past.length && !past.at(-1).startsWith(`${pathname}?`) && past.at(-1) !== pathname) {
            past = [];
        }
        // A filter that is taken away by its chip leads to where the page was, too, and can be undone.
        if (isStepBack && past.at(-2) === here) {
            past.pop();
        } else if (past.at(-1) !== here) {
            past.push(here);
        }
        isStepBack = false;
        return past.length < 2;
    };
    addEventListener("popstate", () => (isStepBack = true));

    window.marquee = {
        goTo,
        parametersNow,
        optionsOnPage,
        optionOf,
        isTypedInto: (control) => control === typing,
        showAsUsed,
        undo: () => {
            if (past.length > 1) {
                isStepBack = true;
                goTo(past.at(-2).split("?")[1] ?? "");
            }
        },
    };

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        marquee: {
            // The bar, and those of its settings that do nothing on this page.
            hideFilters: (pathname, unusedSettings, build) => {
                const [, ...controls] = window.dash_clientside.callback_context.outputs_list;
                const ofPage = unusedSettings[pathname] ?? unusedSettings[pathname.replace(/[^/]+$/, "*")];
                const unused = (ofPage ?? []).map((name) => `control-${name}`);
                return [!build || !ofPage, ...controls.map(({ id }) => unused.includes(id))];
            },
            keepPast: (search, pathname) => keepPast(search ?? "", pathname ?? "/"),
        },
    });

    document.addEventListener("change", ({ target }) => {
        if (target.matches?.("[data-option]")) {
            const parameters = parametersNow();
            parameters.delete(target.dataset.option);
            if (target.selectedIndex > 0) {
                parameters.append(target.dataset.option, target.value);
            }
            goTo(`${parameters}`);
        }
    });

    // What is typed is written into the address once the keys rest. Until the field is left, that is one step back.
    const REST_MS = 250;
    let resting;
    let isWritten = false;
    const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const hideOthers = (field) => {
        field.closest(".panel").querySelectorAll("tbody tr").forEach((row) => {
            const name = row.querySelector("th");
            row.hidden = name !== null && !folded(name.textContent).includes(folded(field.value));
        });
    };
    const writeTyped = (field) => {
        const parameters = parametersNow();
        parameters.delete(optionOf(field));
        if (field.value) {
            parameters.append(optionOf(field), field.value);
        }
        goTo(`${parameters}`, { instead: isWritten });
        isWritten = true;
    };
    const stopTyping = () => {
        typing = undefined;
        isWritten = false;
    };
    document.addEventListener("focusout", stopTyping);
    addEventListener("popstate", stopTyping);
    document.addEventListener("input", ({ target }) => {
        if (target.closest?.("[data-typed-option]")) {
            typing = target;
            if (target.type === "search") {
                hideOthers(target);
            }
            clearTimeout(resting);
            resting = setTimeout(() => writeTyped(target), REST_MS);
        }
    });

    document.addEventListener("click", ({ target }) => {
        const show = target.closest?.("[data-show]")?.dataset.show;
        if (show) {
            const parameters = parametersNow();
            const [card, view] = show.split(".");
            const others = parameters.getAll("show").filter((value) => !value.startsWith(`${card}.`));
            parameters.delete("show");
            [...others, ...(view === "figure" ? [] : [show])].forEach((value) => parameters.append("show", value));
            goTo(`${parameters}`);
        }
        if (target.closest?.("#undo")) {
            window.marquee.undo();
        }
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
