// The timeline of a title (components/timeline.py): a moment of the list, and the arrow keys, point at its place.
(() => {
    const curveOf = (graph) => graph.data.findIndex(({ meta }) => meta?.timeline);

    const point = (graph, number) => {
        const curve = curveOf(graph);
        const last = graph.data[curve].x.length - 1;
        graph.dataset.at = Math.max(0, Math.min(last, number));
        window.Plotly.Fx.hover(graph, [{ curveNumber: curve, pointNumber: Number(graph.dataset.at) }], ["xy"]);
    };

    const nearest = (places, at) => {
        const distances = places.map((place) => Math.abs(place - at));
        return distances.indexOf(Math.min(...distances));
    };

    const graphIn = (timeline) => timeline?.querySelector(".js-plotly-plot");

    document.addEventListener("click", (event) => {
        const moment = event.target.closest?.(".moment");
        const graph = graphIn(moment?.closest(".timeline"));
        if (graph) {
            event.preventDefault();
            graph.scrollIntoView({ block: "center" });
            point(graph, nearest(graph.data[curveOf(graph)].x, Number(moment.dataset.at)));
        }
    });

    document.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const graph = step && event.target.matches?.(".timeline-figure") && graphIn(event.target);
        if (graph) {
            event.preventDefault();
            point(graph, graph.dataset.at === undefined ? 0 : Number(graph.dataset.at) + step);
        }
    });
})();
