// The map of covers: alike is near. Each cell shows one cover, the one nearest to its middle, and how many more are in
// it; each step of zooming halves the cells. What is on the screen is asked for in blocks, and alone is in the page.
(() => {
    const COLUMNS = 14;
    const ROWS = 6;
    const MOST_STEPS = 6;
    const CELL_MIN_PX = 48;
    const GAP_PX = 4;
    let map;

    const cell = () => Math.max(CELL_MIN_PX, map.window.clientWidth / COLUMNS);

    const blockOf = (number, size) => Math.floor(number / size);

    const askBlock = async (across, down) => {
        const asked = map;
        const key = `${asked.step} ${across} ${down}`;
        if (asked.blocks.has(key)) {
            return;
        }
        asked.blocks.add(key);
        const place = { step: asked.step, column: across * COLUMNS, row: down * ROWS, columns: COLUMNS, rows: ROWS };
        try {
            const answer = await window.covers.ask("/covers/map", [...new URLSearchParams(asked.search), ...Object.entries(place)]);
            if (map === asked && asked.step === place.step) {
                answer.covers.forEach((cover) => asked.cells.set(`${cover.row} ${cover.column}`, cover));
                draw();
            }
        } catch (error) {
            asked.blocks.delete(key);
            window.covers.say(error.message, true);
        }
    };

    const nearby = (others) => (others ? `, and ${others.toLocaleString("en")} more near it` : "");

    const draw = () => {
        const size = cell();
        const high = size * 1.5;
        const { scrollLeft, scrollTop, clientWidth, clientHeight } = map.window;
        const [left, right] = [Math.floor(scrollLeft / size) - 1, Math.ceil((scrollLeft + clientWidth) / size)];
        const [top, bottom] = [Math.floor(scrollTop / high) - 1, Math.ceil((scrollTop + clientHeight) / high)];
        const most = 2 ** map.step;
        for (let down = Math.max(0, blockOf(top, ROWS)); down <= Math.min(most - 1, blockOf(bottom, ROWS)); down++) {
            for (let across = Math.max(0, blockOf(left, COLUMNS)); across <= Math.min(most - 1, blockOf(right, COLUMNS)); across++) {
                askBlock(across, down);
            }
        }
        map.tiles.forEach((tile, key) => {
            const [row, column] = key.split(" ").map(Number);
            const isSeen = row >= top && row <= bottom && column >= left && column <= right;
            if (!isSeen && tile !== document.activeElement) {
                tile.remove();
                map.tiles.delete(key);
            }
        });
        for (let row = Math.max(0, top); row <= bottom; row++) {
            for (let column = Math.max(0, left); column <= right; column++) {
                const key = `${row} ${column}`;
                const cover = map.cells.get(key);
                if (cover && !map.tiles.has(key)) {
                    const tile = window.covers.tileOf(cover, nearby(cover.others));
                    if (cover.others) {
                        const badge = { className: "tile-others", textContent: `+${cover.others.toLocaleString("en")}`, ariaHidden: "true" };
                        tile.append(window.covers.element("span", badge));
                    }
                    map.tiles.set(key, tile);
                    map.land.append(tile);
                }
            }
        }
        map.tiles.forEach((tile, key) => {
            const [row, column] = key.split(" ").map(Number);
            tile.style.width = `${size - GAP_PX}px`;
            tile.style.height = `${high - GAP_PX}px`;
            tile.style.transform = `translate(${column * size}px, ${row * high}px)`;
        });
        const stop = map.land.querySelector('.tile[tabindex="0"]') ?? map.land.querySelector(".tile");
        if (stop) {
            stop.tabIndex = 0;
        }
        map.zoomIn.disabled = map.step === MOST_STEPS;
        map.zoomOut.disabled = map.step === 0;
        window.covers.markChosen();
    };

    const resize = () => {
        const size = cell() * 2 ** map.step;
        map.land.style.width = `${size * COLUMNS}px`;
        map.land.style.height = `${size * 1.5 * ROWS}px`;
    };

    // What was at a point of the window, its middle unless said, is there afterwards.
    const zoom = (by, at) => {
        const step = Math.max(0, Math.min(MOST_STEPS, map.step + by));
        if (step === map.step) {
            return;
        }
        const { x, y } = at ?? { x: map.window.clientWidth / 2, y: map.window.clientHeight / 2 };
        const times = 2 ** (step - map.step);
        const [left, top] = [(map.window.scrollLeft + x) * times - x, (map.window.scrollTop + y) * times - y];
        Object.assign(map, { step, blocks: new Set(), cells: new Map(), tiles: new Map() });
        map.land.replaceChildren();
        resize();
        map.window.scrollTo({ left, top, behavior: "instant" });
        draw();
    };

    const pointIn = ({ clientX, clientY }) => {
        const { left, top } = map.window.getBoundingClientRect();
        return { x: clientX - left, y: clientY - top };
    };

    // By keys one walks to the nearest cover in a direction.
    const walk = (from, across, down) => {
        const middle = (tile) => {
            const { left, right, top, bottom } = tile.getBoundingClientRect();
            return { x: (left + right) / 2, y: (top + bottom) / 2 };
        };
        const here = middle(from);
        const reach = [...map.tiles.values()]
            .filter((tile) => tile !== from)
            .map((tile) => {
                const there = middle(tile);
                const ahead = across * (there.x - here.x) + down * (there.y - here.y);
                const aside = Math.abs(down * (there.x - here.x)) + Math.abs(across * (there.y - here.y));
                return { tile, ahead, far: ahead + 2 * aside };
            })
            .filter(({ ahead }) => ahead > 1)
            .sort((one, other) => one.far - other.far);
        const next = reach[0]?.tile;
        if (next) {
            from.tabIndex = -1;
            next.tabIndex = 0;
            next.focus({ preventScroll: true });
            next.scrollIntoView({ block: "nearest", inline: "nearest" });
        }
    };

    document.addEventListener("keydown", (event) => {
        const tile = event.target.closest?.("#gallery[data-as=map] .tile");
        const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
        const by = { "+": 1, "=": 1, "-": -1 }[event.key];
        if (tile && direction) {
            event.preventDefault();
            walk(tile, ...direction);
        } else if (by && event.target.closest?.("#gallery[data-as=map]") && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            zoom(by);
            map.window.focus();
        }
    });

    const buttonFor = (label, icon, by) => {
        const made = window.covers.element("button", { type: "button", className: `bi bi-${icon}`, title: label, onclick: () => zoom(by) });
        made.ariaLabel = label;
        return made;
    };

    window.covers.showMap = (root, search) => {
        const land = window.covers.element("div", { className: "map-land" });
        const view = window.covers.element("div", { className: "map-window", tabIndex: 0, role: "region" }, land);
        view.ariaLabel = "Map of covers: alike is near";
        const [zoomIn, zoomOut] = [buttonFor("Zoom in", "plus-lg", 1), buttonFor("Zoom out", "dash-lg", -1)];
        const hint = "Alike is near, lighter is above. +7 stands for seven more covers near one: zoom in to see them.";
        root.append(
            window.covers.element("div", { className: "map-zoom" }, zoomIn, zoomOut),
            view,
            window.covers.element("p", { className: "card-note", textContent: hint }),
        );
        map = { search, window: view, land, zoomIn, zoomOut, step: 0, blocks: new Set(), cells: new Map(), tiles: new Map() };
        let frame;
        view.addEventListener("scroll", () => {
            frame ??= requestAnimationFrame(() => {
                frame = undefined;
                draw();
            });
        });
        view.addEventListener("wheel", (event) => {
            if (event.ctrlKey || event.metaKey) {
                event.preventDefault();
                zoom(event.deltaY < 0 ? 1 : -1, pointIn(event));
            }
        }, { passive: false });
        view.addEventListener("dblclick", (event) => zoom(1, pointIn(event)));
        resize();
        draw();
    };
    addEventListener("resize", () => {
        if (map?.window.isConnected) {
            resize();
            draw();
        }
    });
})();
