// What Dash 4.4 leaves wrong for screen readers in its dropdowns: the input that takes the focus is hidden from them, a
// dialog and a list without names, and checkboxes with labels that also call themselves options.
(() => {
    const labelOf = (input) => input.closest(".control")?.querySelector("label")?.textContent ?? "Choices";

    const MENDED = {
        ".dash-dropdown-focus-target": (input) => {
            input.removeAttribute("aria-hidden");
            input.role = "combobox";
            input.ariaHasPopup = "dialog";
            input.ariaExpanded = false;
            input.ariaLabel = labelOf(input);
        },
        ".dash-dropdown-content": (dialog) => (dialog.ariaLabel = "Choices"),
        ".dash-dropdown-options": (list) => {
            list.role = "group";
            list.ariaLabel = "Choices";
        },
        ".dash-dropdown-option": (option) => {
            option.removeAttribute("role");
            option.removeAttribute("aria-selected");
        },
    };

    const mend = (root) => {
        Object.entries(MENDED).forEach(([selector, change]) => {
            [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)].forEach(change);
        });
    };

    new MutationObserver((changes) => {
        changes.forEach(({ type, target, addedNodes }) => {
            if (type === "childList") {
                addedNodes.forEach((node) => node.querySelectorAll && mend(node));
            } else if (target.hasAttribute("aria-selected") && target.matches(".dash-dropdown-option")) {
                mend(target);
            }
        });
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-selected"] });
})();
