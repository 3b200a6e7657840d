// A button that hands the page to the browser's print dialog, which also writes PDFs.
document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
});
