// Figures name their colours by token, such as var(--accent). This puts in those of the theme in force whenever Plotly
// draws, and draws again when the theme changes.
(() => {
    const TOKEN = /^var\((--[\w-]+)\)$/;

    const painted = (part, style) => {
        if (typeof part === "string") {
            const token = TOKEN.exec(part);
            return token ? style.getPropertyValue(token[1]).trim() : part;
        }
        if (Array.isArray(part)) {
            return part.map((item) => painted(item, style));
        }
        if (part?.constructor === Object) {
            return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, painted(value, style)]));
        }
        return part;
    };

    const figures = new WeakMap();
    let plotly;
    let draw;

    const drawPainted = (graph, figure) => {
        figures.set(graph, figure);
        return draw(graph, painted(figure, getComputedStyle(document.documentElement)));
    };

    Object.defineProperty(window, "Plotly", {
        get: () => plotly,
        set: (loaded) => {
            plotly = loaded;
            draw = loaded.react;
            loaded.react = drawPainted;
        },
    });

    new MutationObserver(() => {
        document.querySelectorAll(".js-plotly-plot").forEach((graph) => drawPainted(graph, figures.get(graph)));
    }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
