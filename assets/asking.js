// What each card asks for, and when: those near the screen at once, the others while little else is on its way. So the
// first screen of a long page does not wait for the last, and all of it is there when somebody prints it.
(() => {
    const AT_ONCE = 2;
    const waiting = new Map();
    const unanswered = new Set();

    // The filters, the card's own options and those it follows, the title that the page is about, and how it is shown (show=<card>.<view>).
    const askOf = (search, card) => {
        const panel = document.getElementById(card);
        const parameters = new URLSearchParams(search);
        const { optionsOnPage, optionOf, isTypedInto, showAsUsed } = window.marquee;
        const controls = [...optionsOnPage()];
        const own = controls.filter((control) => control.closest(".panel") === panel);
        own.filter((control) => !isTypedInto(control)).forEach((control) => {
            control.value = parameters.get(optionOf(control)) ?? control.options?.[0].value ?? "";
        });
        own.forEach((control) => showAsUsed(control, parameters));
        const ownOptions = [...own.map(optionOf), ...(panel?.dataset.follows?.split(" ") ?? [])];
        controls
            .map(optionOf)
            .filter((option) => !ownOptions.includes(option))
            .forEach((option) => parameters.delete(option));
        const { ofTitle, ofSeries } = panel?.closest(".cards")?.dataset ?? {};
        Object.entries({ of_title: ofTitle, of_series: ofSeries }).forEach(([name, id]) => {
            if (id === undefined) {
                parameters.delete(name);
            } else {
                parameters.set(name, id);
            }
        });
        const prefix = `${card}.`;
        const shown = parameters.getAll("show").filter((value) => value.startsWith(prefix));
        parameters.delete("show");
        return { view: shown.at(-1)?.slice(prefix.length) ?? "figure", search: `${parameters}` };
    };

    const stopWaiting = (card) => {
        waiting.delete(card);
        document.getElementById(card)?.removeAttribute("data-waiting");
    };

    const ask = (card) => {
        const asked = waiting.get(card);
        stopWaiting(card);
        // Those of a page that was left ask no more.
        if (document.getElementById(card)) {
            unanswered.add(card);
            window.dash_clientside.set_props({ type: "card-ask", card }, { data: asked });
        }
    };

    const askOthers = () => {
        [...unanswered].forEach((card) => document.getElementById(card) ?? unanswered.delete(card));
        for (const card of [...waiting.keys()]) {
            if (unanswered.size >= AT_ONCE) {
                return;
            }
            ask(card);
        }
    };

    const isNear = (panel) => {
        const { top, bottom } = panel.getBoundingClientRect();
        return top < 1.5 * innerHeight && bottom > -0.5 * innerHeight;
    };
    const near = new IntersectionObserver(
        (entries) =>
            entries.forEach(({ isIntersecting, target }) => {
                if (isIntersecting && waiting.has(target.id)) {
                    ask(target.id);
                }
            }),
        { rootMargin: "50% 0px" },
    );
    // Dash takes its mark of waiting away from a card's body when the answer has been drawn.
    new MutationObserver((changes) => {
        changes.forEach(({ target }) => {
            if (target.matches(".card-body:not([data-dash-is-loading])")) {
                unanswered.delete(target.closest(".panel").id);
            }
        });
        window.marquee.markChosen(location.search);
        askOthers();
    }).observe(document, { subtree: true, attributeFilter: ["data-dash-is-loading"] });

    // The same once more, of every card that has asked already: what answers has changed.
    const askAgain = () => {
        document.querySelectorAll(".panel:has(> .card-body)").forEach(({ id }) => {
            if (!waiting.has(id)) {
                waiting.set(id, askOf(location.search, id));
                ask(id);
            }
        });
    };

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        asking: {
            askAgain,
            askOfCard: (search, { card }, asked) => {
                const wanted = askOf(search, card);
                const panel = document.getElementById(card);
                stopWaiting(card);
                window.marquee.markChosen(search);
                if (asked && asked.view === wanted.view && asked.search === wanted.search) {
                    return window.dash_clientside.no_update;
                }
                if (!panel || isNear(panel)) {
                    unanswered.add(card);
                    return wanted;
                }
                waiting.set(card, wanted);
                panel.dataset.waiting = "";
                near.observe(panel);
                (window.requestIdleCallback ?? setTimeout)(askOthers);
                return window.dash_clientside.no_update;
            },
        },
    });
})();
