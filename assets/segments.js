// Segments: asks until one that the page waits for is prepared, and saves the accounts of rows as a new one.
(() => {
    const WATCH_MS = 1000;
    const place = (id) => document.getElementById(id);
    const setProps = (id, props) => window.dash_clientside.set_props(id, props);
    const post = (path, body) => fetch(path, { method: "POST", body, redirect: "manual" });

    // Everything on the page once more: the bar's lists, Explore's rows, the list of segments, the cards.
    const showAnew = () => {
        document.querySelectorAll("[data-preparing]").forEach((part) => part.removeAttribute("data-preparing"));
        setProps("url", { search: location.search });
        if (place("definitions")) {
            setProps("definitions-ask", { data: Date.now() });
        }
        window.dash_clientside.asking.askAgain();
    };

    let isAsking = false;
    const watch = async () => {
        const waiting = document.querySelector("[data-preparing]");
        if (!waiting || isAsking || document.hidden) {
            return;
        }
        isAsking = true;
        try {
            const answer = await post(`/segments/${waiting.dataset.preparing}/prepare`);
            if (answer.ok && (await answer.json()).stage !== "preparing") {
                showAnew();
            }
        } catch {
            // Marquee does not answer; it is asked again.
        }
        isAsking = false;
    };
    setInterval(watch, WATCH_MS);

    const dialog = () => place("segment-dialog");
    let opener;
    const openDialog = (search, button) => {
        opener = button;
        setProps("segment-form", { children: "Counting the accounts…" });
        // A new object each time, so that the same accounts are counted again.
        setProps("segment-of", { data: { search } });
        dialog().showModal();
    };

    // What had the focus may have been drawn anew: in the dialog by its next step, on the page by a newer answer.
    const isLost = () => !document.activeElement || document.activeElement === document.body;
    new MutationObserver(() => {
        if (dialog()?.open && (isLost() || document.activeElement === dialog())) {
            dialog().querySelector("input, a, button")?.focus();
        }
    }).observe(document, { subtree: true, childList: true });
    document.addEventListener(
        "close",
        ({ target }) => {
            if (target === dialog() && isLost()) {
                const button = opener?.isConnected ? opener : document.querySelector("[data-save-segment]");
                (button?.closest("details:not([open])")?.querySelector("summary") ?? button)?.focus();
            }
        },
        true,
    );

    const save = async (form) => {
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        place("segment-problem").textContent = "";
        const body = new URLSearchParams(new FormData(form));
        body.append("search", form.dataset.search);
        try {
            const answer = await post("/segments", body);
            if (answer.ok) {
                setProps("segment-of", { data: { saved: (await answer.json()).id } });
                // The bar's list of segments, and nothing else.
                setProps("url", { pathname: location.pathname });
                return;
            }
            place("segment-problem").textContent = await answer.text();
        } catch {
            place("segment-problem").textContent = "Marquee does not answer. Try again.";
        }
        button.disabled = false;
    };

    document.addEventListener("submit", (event) => {
        if (event.target.id === "segment-save") {
            event.preventDefault();
            save(event.target);
        }
    });

    document.addEventListener("click", async ({ target }) => {
        const accounts = target.closest?.("[data-save-segment]")?.dataset.saveSegment;
        const again = target.closest?.("[data-prepare-again]")?.dataset.prepareAgain;
        if (accounts !== undefined) {
            openDialog(accounts, target.closest("[data-save-segment]"));
        } else if (target === dialog() || target.closest?.("[data-close-segment], #segment-dialog a")) {
            dialog().close();
        } else if (again) {
            await post(`/segments/${again}/prepare?again=1`);
            showAnew();
        }
    });
})();
