// Draws figures that consist of lines (components/graph.py): what Plotly would, a second sooner. Reads Plotly's own
// figures: traces with x, y, line, marker and name; axes with range, tickvals and ticktext. The trace with a text for each
// of its points answers the pointer and the arrow keys.
(() => {
    const SVG = "http://www.w3.org/2000/svg";
    const LABEL_HEIGHT_PX = 16;
    const CHARACTER_PX = 7;
    const charts = new WeakMap();

    const element = (name, attributes = {}, text = null) => {
        const made = document.createElementNS(SVG, name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        made.textContent = text;
        return made;
    };

    const html = (className, text = "") => {
        const made = document.createElement("div");
        made.className = className;
        made.textContent = text;
        return made;
    };

    const runsOf = (trace, at) => {
        const runs = [[]];
        trace.y.forEach((value, i) => (value === null ? runs.push([]) : runs.at(-1).push(at(trace.x[i], value))));
        return runs.filter((run) => run.length);
    };

    const legendOf = (traces) => {
        const legend = html("lines-legend");
        traces.filter((trace) => trace.showlegend !== false).reverse().forEach((trace) => {
            const entry = html(trace.line.dash ? "dashed" : "", trace.name);
            entry.style.setProperty("--line", trace.line.color);
            legend.append(entry);
        });
        return legend;
    };

    const scalesOf = ({ data, layout }, width, height) => {
        const widestLabel = Math.max(...layout.yaxis.ticktext.map((text) => text.length));
        const box = { left: widestLabel * CHARACTER_PX + 8, right: width - 24, top: 12, bottom: height - 40 };
        const moments = data.flatMap((trace) => trace.x.map((day) => Date.parse(day)));
        const [first, last] = [Math.min(...moments), Math.max(...moments)];
        const [low, high] = layout.yaxis.range;
        return {
            ...box,
            x: (day) => box.left + ((Date.parse(day) - first) / (last - first || 1)) * (box.right - box.left),
            y: (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top),
        };
    };

    const axesOf = ({ layout }, scales) => {
        const axes = element("g", { class: "lines-axes" });
        layout.yaxis.tickvals.forEach((value, i) => {
            const y = scales.y(value);
            axes.append(element("line", { x1: scales.left, x2: scales.right, y1: y, y2: y }));
            axes.append(element("text", { x: scales.left - 8, y: y + 4, "text-anchor": "end" }, layout.yaxis.ticktext[i]));
        });
        layout.xaxis.tickvals.forEach((day, i) => {
            layout.xaxis.ticktext[i].split("<br>").forEach((text, line) => {
                const y = scales.bottom + LABEL_HEIGHT_PX * (line + 1) + 2;
                axes.append(element("text", { x: scales.x(day), y, "text-anchor": "middle" }, text));
            });
        });
        return axes;
    };

    const lineOf = (trace, scales) => {
        const line = element("g", { class: trace.line.dash ? "dashed" : "", opacity: trace.opacity ?? 1 });
        line.style.stroke = trace.line.color;
        line.style.strokeWidth = trace.line.width;
        runsOf(trace, (day, value) => `${scales.x(day)} ${scales.y(value)}`).forEach((run) => {
            line.append(element("path", { d: `M${run.join("L")}` }));
        });
        trace.marker.size.forEach((size, i) => {
            if (size && trace.y[i] !== null) {
                const point = element("circle", { cx: scales.x(trace.x[i]), cy: scales.y(trace.y[i]), r: size / 2 });
                point.style.fill = trace.marker.color;
                line.append(point);
            }
        });
        return line;
    };

    const draw = (box) => {
        const figure = JSON.parse(box.dataset.figure);
        const lines = figure.data.filter((trace) => !trace.text);
        const legend = legendOf(lines);
        box.replaceChildren(legend);
        const width = box.clientWidth;
        const height = box.clientHeight - legend.offsetHeight;
        const scales = scalesOf(figure, width, height);
        const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": true });
        svg.append(axesOf(figure, scales), ...lines.map((trace) => lineOf(trace, scales)));
        const told = figure.data.find((trace) => trace.text);
        const cursor = element("g", { class: "lines-cursor", visibility: "hidden" });
        cursor.append(element("line", { y1: scales.top, y2: scales.bottom }), element("circle", { r: 4 }));
        svg.append(cursor);
        const tip = html("lines-tip");
        tip.hidden = true;
        tip.role = "status";
        box.append(svg, tip);
        const before = charts.get(box);
        charts.set(box, { told, scales, cursor, tip, svg, at: null, isHeld: false });
        // The point that the keys have reached stays, wherever a newer answer has it.
        const at = before?.isHeld ? (told?.x.indexOf(before.told.x[before.at]) ?? -1) : -1;
        if (at >= 0) {
            tell(box, at, true);
        }
    };

    // A point reached by keys is held: the pointer, which may rest anywhere, does not take it away.
    const tell = (box, i, isHeld = false) => {
        const chart = charts.get(box);
        const { told, scales, cursor, tip, svg } = chart;
        Object.assign(chart, { at: i, isHeld });
        const silent = i === null || told?.y[i] === null || told?.y[i] === undefined;
        cursor.setAttribute("visibility", silent ? "hidden" : "visible");
        tip.hidden = silent;
        if (silent) {
            return;
        }
        const [x, y] = [scales.x(told.x[i]), scales.y(told.y[i])];
        cursor.firstChild.setAttribute("x1", x);
        cursor.firstChild.setAttribute("x2", x);
        cursor.lastChild.setAttribute("cx", x);
        cursor.lastChild.setAttribute("cy", y);
        const [value, ...others] = told.text[i].replace(/<\/?b>/g, "").split("<br>");
        tip.replaceChildren(html("lines-value", value), ...others.map((text) => html("", text)));
        const left = x + tip.offsetWidth + 24 > box.clientWidth ? x - tip.offsetWidth - 12 : x + 12;
        const legendHeight = box.clientHeight - svg.clientHeight;
        tip.style.translate = `${Math.max(0, left)}px ${legendHeight + scales.top}px`;
    };

    const nearest = ({ told, scales }, x) => {
        const distances = told.x.map((day) => Math.abs(scales.x(day) - x));
        return distances.indexOf(Math.min(...distances));
    };

    document.addEventListener("pointermove", ({ target, clientX }) => {
        const over = target.closest?.(".lines");
        document.querySelectorAll(".lines").forEach((box) => box !== over && charts.get(box)?.isHeld === false && tell(box, null));
        if (over && charts.get(over)?.told) {
            tell(over, nearest(charts.get(over), clientX - over.getBoundingClientRect().left));
        }
    });

    // The point told of offers to filter by it (assets/picks.js).
    const pick = (box) => {
        const { told, scales, svg, at } = charts.get(box) ?? {};
        const [search, label] = told?.customdata?.[at] ?? [];
        if (!search) {
            return false;
        }
        const { left, top } = svg.getBoundingClientRect();
        const place = { left: left + scales.x(told.x[at]) + 12, top: top + scales.y(told.y[at]) + 12 };
        box.dispatchEvent(new CustomEvent("marquee:pick", { bubbles: true, detail: { search, label, ...place } }));
        return true;
    };

    document.addEventListener("click", ({ target }) => {
        const box = target.closest?.(".lines");
        if (box) {
            pick(box);
        }
    });

    document.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const box = event.target.closest?.(".lines");
        const chart = box && charts.get(box);
        if (box && event.key === "Enter" && pick(box)) {
            event.preventDefault();
            return;
        }
        if (!step || !chart?.told) {
            return;
        }
        event.preventDefault();
        const last = chart.told.x.length - 1;
        tell(box, chart.at === null ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, chart.at + step)), true);
    });

    document.addEventListener("focusout", ({ target }) => charts.has(target) && tell(target, null));

    const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => draw(target)));
    new MutationObserver((changes) => {
        changes.forEach(({ type, target, addedNodes }) => {
            if (type === "attributes") {
                draw(target);
            }
            addedNodes.forEach((node) => {
                const boxes = node.querySelectorAll?.(".lines[data-figure]") ?? [];
                [...(node.matches?.(".lines[data-figure]") ? [node] : []), ...boxes].forEach((box) => sizes.observe(box));
            });
        });
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-figure"] });
})();
