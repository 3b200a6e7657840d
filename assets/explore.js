// A table is chosen by a link inside the panel that lists them, which then has done its duty.
document.addEventListener("click", ({ target }) => {
    const panel = target.closest?.(".rows-tables a")?.closest("details");
    if (panel) {
        panel.open = false;
        panel.querySelector("summary").focus();
    }
});
