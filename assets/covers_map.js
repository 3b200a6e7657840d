// The map of covers: alike is near. Each cell shows one cover, the one nearest to its middle, and how many more are in
// it; each step of zooming halves the cells. What is on the screen is asked for in blocks, and alone is in the page. The
// part of the map on the screen is in the address, as the step and the middle across and down in percent; none for all.
(() => {
    const COLUMNS = 7;
    const ROWS = 3;
    const MOST_STEPS = 7;
    const BLOCK_COLUMNS = 14;
    const BLOCK_ROWS = 6;
    // The map is shown whole in as many cells as can still be told by their looks, and hit by a finger.
    const CELL_MIN_PX = 44;
    const GAP_PX = 4;
    const DRAGGED_PX = 4;
    const WHEEL_STEP_PX = 60;
    const REST_MS = 250;
    const PART = /^(\d)_(\d+\.?\d*)_(\d+\.?\d*)$/;
    let map;

    const wholeStep = () => Math.max(0, Math.floor(Math.log2(map.window.offsetWidth / COLUMNS / CELL_MIN_PX)));
    const isWhole = () => map.step === wholeStep();
    // The whole map is as large as its window.
    const landSize = () => {
        const times = 2 ** (map.step - wholeStep());
        return { width: map.window.offsetWidth * times, height: map.window.offsetHeight * times };
    };
    const cellSize = () => {
        const { width, height } = landSize();
        return { wide: width / (COLUMNS * 2 ** map.step), high: height / (ROWS * 2 ** map.step) };
    };

    const askBlock = async (across, down) => {
        const asked = map;
        const key = `${asked.step} ${across} ${down}`;
        if (asked.blocks.has(key)) {
            return;
        }
        asked.blocks.add(key);
        const place = { step: asked.step, column: across * BLOCK_COLUMNS, row: down * BLOCK_ROWS, columns: BLOCK_COLUMNS, rows: BLOCK_ROWS };
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
        const { wide, high } = cellSize();
        const { scrollLeft, scrollTop, clientWidth, clientHeight } = map.window;
        const [left, right] = [Math.floor(scrollLeft / wide) - 1, Math.ceil((scrollLeft + clientWidth) / wide)];
        const [top, bottom] = [Math.floor(scrollTop / high) - 1, Math.ceil((scrollTop + clientHeight) / high)];
        const lastBlock = (number, cells, size) => Math.floor(Math.min(number, cells * 2 ** map.step - 1) / size);
        for (let down = Math.floor(Math.max(0, top) / BLOCK_ROWS); down <= lastBlock(bottom, ROWS, BLOCK_ROWS); down++) {
            for (let across = Math.floor(Math.max(0, left) / BLOCK_COLUMNS); across <= lastBlock(right, COLUMNS, BLOCK_COLUMNS); across++) {
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
            tile.style.width = `${wide - GAP_PX}px`;
            tile.style.height = `${high - GAP_PX}px`;
            tile.style.transform = `translate(${column * wide}px, ${row * high}px)`;
        });
        const stop = map.land.querySelector('.tile[tabindex="0"]') ?? map.land.querySelector(".tile");
        if (stop) {
            stop.tabIndex = 0;
        }
        map.zoomIn.disabled = map.step === MOST_STEPS;
        map.zoomOut.disabled = map.showAll.disabled = isWhole();
        window.covers.markChosen();
    };

    const partNow = () => {
        const { width, height } = landSize();
        const { scrollLeft, scrollTop, clientWidth, clientHeight } = map.window;
        const percent = (middle, all) => ((100 * middle) / all).toFixed(2);
        return isWhole() ? "" : `${map.step}_${percent(scrollLeft + clientWidth / 2, width)}_${percent(scrollTop + clientHeight / 2, height)}`;
    };

    // It is written once the map rests, in place of the part before: one does not go back over each step of a walk.
    const remember = () => {
        map.part = partNow();
        clearTimeout(map.resting);
        const { window: view } = map;
        map.resting = setTimeout(() => {
            if (map.window !== view || !view.isConnected || map.part === map.written) {
                return;
            }
            map.written = map.part;
            const parameters = window.marquee.parametersNow();
            parameters.delete("map_part");
            if (map.part) {
                parameters.set("map_part", map.part);
            }
            window.marquee.goTo(`${parameters}`, { instead: true });
        }, REST_MS);
    };

    const showAt = (step, left, top) => {
        if (step !== map.step) {
            Object.assign(map, { step, blocks: new Set(), cells: new Map(), tiles: new Map() });
            map.land.replaceChildren();
        }
        const { width, height } = landSize();
        map.land.style.width = `${width}px`;
        map.land.style.height = `${height}px`;
        map.window.toggleAttribute("data-part", !isWhole());
        map.window.scrollTo({ left: left(width), top: top(height), behavior: "instant" });
        draw();
        map.part = partNow();
    };

    const showPart = (part) => {
        const [, step, across, down] = (PART.exec(part) ?? []).map(Number);
        const from = (percent, visible) => (all) => ((percent ?? 50) / 100) * all - visible / 2;
        const shown = Math.min(MOST_STEPS, Math.max(wholeStep(), step ?? 0));
        showAt(shown, from(across, map.window.clientWidth), from(down, map.window.clientHeight));
    };

    // What was at a point of the window, its middle unless said, is there afterwards.
    const zoom = (by, at) => {
        const step = Math.max(wholeStep(), Math.min(MOST_STEPS, map.step + by));
        if (step === map.step) {
            return;
        }
        const { scrollLeft, scrollTop, clientWidth, clientHeight } = map.window;
        const { x, y } = at ?? { x: clientWidth / 2, y: clientHeight / 2 };
        const times = 2 ** (step - map.step);
        showAt(step, () => (scrollLeft + x) * times - x, () => (scrollTop + y) * times - y);
        remember();
    };

    const pointIn = ({ clientX, clientY }) => {
        const { left, top } = map.window.getBoundingClientRect();
        return { x: clientX - left, y: clientY - top };
    };

    // By keys one walks to the nearest cover in a direction; where none is near, the map moves on.
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
        } else {
            const { wide, high } = cellSize();
            map.window.scrollBy({ left: across * wide, top: down * high, behavior: "instant" });
        }
    };

    document.addEventListener("keydown", (event) => {
        const tile = event.target.closest?.("#gallery[data-as=map] .tile");
        const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
        const by = { "+": 1, "=": 1, "-": -1, 0: -MOST_STEPS }[event.key];
        if (event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (tile && direction) {
            event.preventDefault();
            walk(tile, ...direction);
        } else if (by && event.target.closest?.("#gallery[data-as=map]")) {
            event.preventDefault();
            zoom(by);
            map.window.focus({ preventScroll: true });
        }
    });

    // A finger moves the map as it moves any page; a mouse holds it. What was held is not clicked.
    const letDrag = (view) => {
        let held;
        view.addEventListener("pointerdown", ({ pointerType, button, clientX, clientY }) => {
            const { scrollLeft, scrollTop } = view;
            held = pointerType === "mouse" && button === 0 ? { clientX, clientY, scrollLeft, scrollTop } : undefined;
        });
        view.addEventListener("pointermove", ({ pointerId, clientX, clientY, buttons }) => {
            if (!held || !(buttons & 1)) {
                held = undefined;
                return;
            }
            const [across, down] = [clientX - held.clientX, clientY - held.clientY];
            if (held.isMoved || Math.hypot(across, down) > DRAGGED_PX) {
                if (!held.isMoved) {
                    view.setPointerCapture(pointerId);
                }
                held.isMoved = true;
                view.scrollTo({ left: held.scrollLeft - across, top: held.scrollTop - down, behavior: "instant" });
            }
        });
        view.addEventListener("click", (event) => {
            if (held?.isMoved && event.detail) {
                event.stopPropagation();
            }
            held = undefined;
        }, { capture: true });
    };

    // A wheel turns in notches, fingers on a touchpad in many small moves, which make a step together.
    const letZoom = (view) => {
        let turned = 0;
        view.addEventListener("wheel", (event) => {
            if (!event.ctrlKey && !event.metaKey) {
                return;
            }
            event.preventDefault();
            turned = Math.sign(turned) === Math.sign(event.deltaY) ? turned + event.deltaY : event.deltaY;
            if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL || Math.abs(turned) >= WHEEL_STEP_PX) {
                zoom(turned < 0 ? 1 : -1, pointIn(event));
                turned = 0;
            }
        }, { passive: false });
        view.addEventListener("dblclick", (event) => zoom(1, pointIn(event)));
    };

    const buttonFor = (label, icon, by) => {
        const made = window.covers.element("button", { type: "button", className: `bi bi-${icon}`, title: label, onclick: () => zoom(by) });
        made.ariaLabel = label;
        return made;
    };

    const showMap = (root, search, part) => {
        const { element } = window.covers;
        const land = element("div", { className: "map-land" });
        const view = element("div", { className: "map-window", tabIndex: 0, role: "region" }, land);
        view.ariaLabel = "Map of covers: alike is near";
        const [zoomIn, zoomOut] = [buttonFor("Zoom in", "plus-lg", 1), buttonFor("Zoom out", "dash-lg", -1)];
        const showAll = buttonFor("Show the whole map", "aspect-ratio", -MOST_STEPS);
        const hint =
            "Alike is near, lighter is above. +7 stands for seven more covers near one: zoom in to see them, by the buttons, " +
            "+ and −, a double click, or Ctrl and the wheel; 0 shows the whole map. Drag it to move it.";
        root.append(
            element("div", { className: "map-zoom" }, zoomIn, zoomOut, showAll),
            view,
            element("p", { className: "card-note", textContent: hint }),
        );
        map = { search, window: view, land, zoomIn, zoomOut, showAll, blocks: new Set(), cells: new Map(), tiles: new Map(), written: part };
        letDrag(view);
        letZoom(view);
        let frame;
        view.addEventListener("scroll", () => {
            frame ??= requestAnimationFrame(() => {
                frame = undefined;
                if (map.window === view) {
                    draw();
                    remember();
                }
            });
        });
        showPart(part);
    };

    // The address has changed, by a link or by Back.
    const followPart = (part) => {
        if (map?.window.isConnected && part !== map.written) {
            map.written = part;
            showPart(part);
        }
    };

    addEventListener("resize", () => {
        if (map?.window.isConnected) {
            showPart(map.part);
        }
    });

    Object.assign(window.covers, { showMap, followPart });
})();
