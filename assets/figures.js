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

    // What a mark stands for is offered as a filter (assets/picks.js); marks without one carry an empty text.
    const offer = (graph, [search, label], { clientX, clientY }) => {
        if (search) {
            const detail = { search, label, left: clientX + 12, top: clientY + 12 };
            graph.dispatchEvent(new CustomEvent("marquee:pick", { bubbles: true, detail }));
        }
    };

    const listen = (graph) => {
        graph.on("plotly_click", ({ points, event }) => offer(graph, points[0].customdata ?? [], event));
        graph.on("plotly_legendclick", ({ curveNumber, data, event }) => {
            const { pick, label } = data[curveNumber].meta ?? {};
            offer(graph, [pick, label], event);
            return false;
        });
    };

    const drawPainted = async (graph, figure) => {
        const isNew = !figures.has(graph);
        figures.set(graph, figure);
        const drawn = await draw(graph, painted(figure, getComputedStyle(graph)));
        if (isNew) {
            listen(graph);
        }
        return drawn;
    };

    Object.defineProperty(window, "Plotly", {
        get: () => plotly,
        set: (loaded) => {
            plotly = loaded;
            draw = loaded.react;
            loaded.react = drawPainted;
        },
    });

    const drawAgain = () => {
        document.querySelectorAll(".js-plotly-plot").forEach((graph) => drawPainted(graph, figures.get(graph)));
    };
    new MutationObserver(drawAgain).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    // Paper is always light.
    matchMedia("print").addEventListener("change", drawAgain);
})();
