// The grid's library is 1.3 MB and one page has a grid, so it is loaded when the first grid is drawn (components/rows_grid.py).
// Until then a stand-in has its place; Dash is told when the real one is ready, as it is of its own late components.
(() => {
    const LIBRARY = "/_dash-component-suites/dash_ag_grid/dash_ag_grid.min.js";
    const PAGES_WITH_A_GRID = ["/explore"];
    let loading;

    const load = () => {
        loading ??= new Promise((resolve, reject) => {
            const script = Object.assign(document.createElement("script"), { src: LIBRARY, onload: resolve, onerror: reject });
            document.head.append(script);
        }).then(() => ({ default: window.dash_ag_grid.AgGrid }));
        return loading;
    };

    const { createElement, lazy, Suspense } = window.React;
    const Grid = lazy(load);
    const AgGrid = (props) => createElement(Suspense, { fallback: null }, createElement(Grid, props));
    Object.defineProperty(AgGrid, "_dashprivate_isLazyComponentReady", { get: load });
    window.dash_ag_grid = { AgGrid };

    // Where a visit begins with a grid, its library is read while the page is still being asked for.
    if (PAGES_WITH_A_GRID.includes(location.pathname)) {
        load().then((library) => library.default._dashprivate_isLazyComponentReady?.());
    }
})();
