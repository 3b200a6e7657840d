// Puts the HTML that the server has escaped (components/still.py) in its place, and follows its links as Dash's own do.
(() => {
    const FOCUSABLE = "a[href], button, summary, input, select, [tabindex]";

    const fill = (part) => {
        const focused = [...part.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
        part.innerHTML = part.dataset.html;
        part.removeAttribute("data-html");
        // Who works by keyboard stays at the same place of what is now another.
        if (focused >= 0) {
            part.querySelectorAll(FOCUSABLE)[focused]?.focus();
        }
    };

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
