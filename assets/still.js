// Puts the HTML that the server has escaped (components/still.py) in its place, and follows its links as Dash's own do.
(() => {
    const FOCUSABLE = "a[href], button, summary, input, select, [tabindex]";

    // The place of an element of a card, for who works by keyboard: what is answered stands there when asked, though the
    // card was drawn anew meanwhile; what was before it where its place is gone or hidden.
    const placeOf = (element) => {
        const root = element.parentElement?.closest(".panel [id]")?.id;
        const elements = () => [...(document.getElementById(root)?.querySelectorAll(FOCUSABLE) ?? [])];
        const at = elements().indexOf(element);
        const there = () => elements().slice(0, at + 1).findLast((other) => other.checkVisibility());
        return () => (element.isConnected ? element : there());
    };

    let focused;
    document.addEventListener("pointerdown", () => (focused = undefined));
    document.addEventListener("focusin", ({ target }) => (focused = placeOf(target)));

    const fill = (part) => {
        part.innerHTML = part.dataset.html;
        part.removeAttribute("data-html");
        if (document.activeElement === document.body) {
            focused?.()?.focus({ preventScroll: true });
        }
    };

    window.marquee = Object.assign(window.marquee ?? {}, { placeOf });

    new MutationObserver(() => document.querySelectorAll("[data-html]").forEach(fill)).observe(document, {
        attributeFilter: ["data-html"],
        childList: true,
        subtree: true,
    });

    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[data-inside]");
        if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
            event.preventDefault();
            history.pushState({}, "", link.href);
            dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
            window.scrollTo(0, 0);
        }
    });
})();
