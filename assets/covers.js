// The gallery of covers (components/gallery.py): only what is on the screen is in the page, however many there are. The
// server lists a page at a time, in the order that the address asks for; assets/covers_map.js places them on the map.
(() => {
    const PAGE = 120;
    const OVERSCAN_ROWS = 2;
    const GAP_PX = 12;
    const TILE_MIN_PX = 116;
    const CAPTION_PX = 40;
    // What of the address says which covers are listed, besides the filters; the rest is about one or a few of them.
    const ABOUT_ONE = ["cover", "covers", "show", "shelf"];

    const root = () => document.getElementById("gallery");
    const build = () => document.querySelector("[data-build]").dataset.build;
    let listed;

    const searchOf = (parameters) => {
        const asked = new URLSearchParams(parameters);
        ABOUT_ONE.forEach((name) => asked.delete(name));
        return `${asked}`;
    };

    const ask = async (path, parameters, options) => {
        const answer = await fetch(`${path}?${new URLSearchParams([...parameters, ["build", build()]])}`, options).catch(() => null);
        if (!answer) {
            throw new Error("The server cannot be reached. Try again.");
        }
        if (!answer.ok) {
            throw new Error((await answer.text()).trim());
        }
        return answer.json();
    };

    const percent = (share) => `${(100 * share).toLocaleString("en", { maximumFractionDigits: share < 0.1 ? 1 : 0 })} %`;
    const told = (cover) => {
        if (cover.colour_match !== undefined) {
            return `${percent(cover.colour_match)} match`;
        }
        if (cover.earth_movers_distance !== undefined) {
            return `${cover.earth_movers_distance.toFixed(1)} away`;
        }
        const lightness = cover.brightness === undefined ? undefined : `brightness ${cover.brightness.toFixed(0)}`;
        return [cover.colour_family, lightness].filter(Boolean).join(", ") || "colours not known";
    };

    const element = (tag, attributes, ...children) => {
        const made = Object.assign(document.createElement(tag), attributes);
        made.append(...children);
        return made;
    };

    // A cover to choose: a button, which says what it shows.
    const tileOf = (cover, more = "") => {
        const image = element("img", { className: "cover", alt: "", loading: "lazy", decoding: "async", draggable: false });
        image.src = `/covers/${cover.image_hash}.webp`;
        const name = element("span", { className: "tile-name", textContent: cover.cover_name });
        const fact = element("span", { className: "tile-fact", textContent: told(cover) });
        const tile = element("button", { type: "button", className: "tile", title: cover.cover_name, tabIndex: -1 }, image, name, fact);
        tile.dataset.cover = cover.image_hash;
        tile.ariaLabel = `${cover.cover_name}, ${told(cover)}${more}`;
        return tile;
    };

    const markChosen = () => {
        const chosen = window.marquee.parametersNow().get("cover");
        root()?.querySelectorAll(".tile").forEach((tile) => {
            tile.toggleAttribute("data-chosen", tile.dataset.cover === chosen);
            tile.ariaCurrent = tile.dataset.cover === chosen ? "true" : null;
        });
    };

    const say = (text, problem = false) => {
        const status = document.getElementById("gallery-status");
        status.textContent = text;
        status.classList.toggle("problem", problem);
    };

    // A list of covers in rows. ``pages`` holds those that have come, and promises of those on their way.
    const listOf = (search, given) => ({ search, given, total: given?.total ?? 0, pages: new Map(), tiles: new Map(), at: 0 });

    const coverAt = (list, index) => {
        if (list.given) {
            return list.given.covers[index];
        }
        const page = list.pages.get(Math.floor(index / PAGE));
        return Array.isArray(page) ? page[index % PAGE] : undefined;
    };

    const askPage = async (list, number) => {
        const coming = ask("/covers/list", [...new URLSearchParams(list.search), ["from", number * PAGE], ["count", PAGE]]);
        list.pages.set(number, coming);
        try {
            const answer = await coming;
            list.pages.set(number, answer.covers);
            return answer;
        } catch (error) {
            list.pages.delete(number);
            throw error;
        }
    };

    const measures = () => {
        const width = root().clientWidth;
        const columns = Math.max(2, Math.floor((width + GAP_PX) / (TILE_MIN_PX + GAP_PX)));
        const tile = (width - GAP_PX * (columns - 1)) / columns;
        return { columns, tile, step: tile * 1.5 + CAPTION_PX + GAP_PX };
    };

    const place = (item, index, { columns, tile, step }) => {
        const [row, column] = [Math.floor(index / columns), index % columns];
        item.style.width = `${tile}px`;
        item.style.height = `${step - GAP_PX}px`;
        item.style.transform = `translate(${column * (tile + GAP_PX)}px, ${row * step}px)`;
        return item;
    };

    // In the order of the list, so that the Tab key and screen readers meet them so; what stays is not touched.
    const putIn = (list, index) => {
        const item = element("div", { className: "tile-place", role: "listitem" });
        item.ariaSetSize = `${list.total}`;
        item.ariaPosInSet = `${index + 1}`;
        list.tiles.set(index, item);
        const next = [...list.tiles.keys()].filter((other) => other > index);
        root().insertBefore(item, next.length ? list.tiles.get(Math.min(...next)) : null);
        return item;
    };

    const draw = () => {
        const list = listed;
        if (!root() || !list || root().dataset.as === "map") {
            return;
        }
        const shape = measures();
        const isReshaped = list.shape?.columns !== shape.columns || list.shape?.step !== shape.step;
        if (isReshaped) {
            list.shape = shape;
            root().style.height = `${Math.max(0, Math.ceil(list.total / shape.columns) * shape.step - GAP_PX)}px`;
            list.tiles.forEach((item, index) => place(item, index, shape));
        }
        const above = -root().getBoundingClientRect().top;
        const firstRow = Math.max(0, Math.floor(above / shape.step) - OVERSCAN_ROWS);
        const lastRow = Math.ceil((above + innerHeight) / shape.step) + OVERSCAN_ROWS;
        const [first, end] = [firstRow * shape.columns, Math.min(list.total, Math.max(0, lastRow) * shape.columns)];
        list.tiles.forEach((item, index) => {
            if ((index < first || index >= end) && !item.contains(document.activeElement)) {
                item.remove();
                list.tiles.delete(index);
            }
        });
        let filled = 0;
        for (let index = first; index < end; index++) {
            const item = list.tiles.get(index) ?? place(putIn(list, index), index, shape);
            const cover = item.firstChild ? undefined : coverAt(list, index);
            if (cover) {
                item.append(tileOf(cover));
                item.firstChild.tabIndex = index === list.at ? 0 : -1;
                filled++;
            }
        }
        if (list.tiles.size && !list.tiles.has(list.at)) {
            // Whoever tabs into the list comes to what is on the screen.
            const middle = Math.min(list.total - 1, Math.max(first, Math.ceil(above / shape.step) * shape.columns));
            const tile = list.tiles.get(middle)?.firstChild;
            if (tile) {
                list.at = middle;
                tile.tabIndex = 0;
            }
        }
        if (filled) {
            markChosen();
        }
        if (!list.given && end > first) {
            for (let number = Math.floor(first / PAGE); number <= Math.floor((end - 1) / PAGE); number++) {
                if (!list.pages.has(number)) {
                    askPage(list, number).then(draw, (error) => say(error.message, true));
                }
            }
        }
    };

    const counted = (total, parameters) => {
        const all = Number(root().dataset.total).toLocaleString("en");
        const some = `${total.toLocaleString("en")} cover${total === 1 ? "" : "s"}`;
        if (parameters.get("like")) {
            return total ? `The ${some} nearest to the one chosen, the nearest first` : "Of this cover, no colours are known.";
        }
        if (parameters.get("colours")) {
            return total ? `${some} of ${all} with some of it, most first` : "No cover has any of these colours.";
        }
        return total ? (some.startsWith(`${all} `) ? some : `${some} of ${all}`) : "No cover matches.";
    };

    const clear = (as) => {
        root().replaceChildren();
        root().dataset.as = as;
        root().role = as === "map" ? "group" : "list";
        root().style.height = "";
    };

    const start = async (search) => {
        const parameters = new URLSearchParams(search);
        const isMap = parameters.get("cover_order") === "map" && !parameters.get("like") && !parameters.get("colours");
        const list = listOf(search);
        listed = list;
        root().setAttribute("aria-busy", "true");
        try {
            const answer = await askPage(list, 0);
            if (listed !== list || !root()) {
                return;
            }
            list.total = answer.total;
            clear(isMap ? "map" : "list");
            say(counted(answer.total, parameters));
            if (isMap && answer.total) {
                window.covers.showMap(root(), search);
            } else {
                draw();
            }
        } catch (error) {
            if (listed === list) {
                clear("list");
                say(error.message, true);
            }
        } finally {
            root()?.removeAttribute("aria-busy");
        }
    };

    // What is like an image that somebody has chosen; it is not in the address, for the image is not kept.
    const showGiven = (answer, text) => {
        listed = listOf(searchOf(window.marquee.parametersNow()), answer);
        clear("list");
        say(text);
        draw();
    };

    const show = () => {
        if (!root()) {
            listed = undefined;
            return;
        }
        const parameters = window.marquee.parametersNow();
        const search = searchOf(parameters);
        if (!root().dataset.as || (listed && listed.search !== search)) {
            window.covers.forgetImage?.();
            start(search);
        } else {
            markChosen();
        }
        window.covers.showChoices(parameters);
    };

    let frame;
    const drawSoon = () => {
        frame ??= requestAnimationFrame(() => {
            frame = undefined;
            draw();
        });
    };
    // The address has changed, by a link or by Back.
    addEventListener("_dashprivate_pushstate", show);
    addEventListener("popstate", show);
    addEventListener("scroll", drawSoon, { passive: true });
    addEventListener("resize", drawSoon);

    const goTo = (index) => {
        const shape = measures();
        listed.at = Math.max(0, Math.min(listed.total - 1, index));
        const top = root().getBoundingClientRect().top + scrollY + Math.floor(listed.at / shape.columns) * shape.step;
        const bars = document.getElementById("filters").offsetHeight;
        const isHidden = top - scrollY < bars || top + shape.step - scrollY > innerHeight;
        if (isHidden) {
            scrollTo({ top: top - (innerHeight - shape.step + bars) / 2, behavior: "instant" });
        }
        draw();
        const tile = () => listed.tiles.get(listed.at)?.firstChild;
        const page = listed.pages.get(Math.floor(listed.at / PAGE));
        Promise.resolve(page).then(() => {
            draw();
            tile()?.focus({ preventScroll: true });
        });
    };

    document.addEventListener("keydown", (event) => {
        if (!event.target.matches?.("#gallery[data-as=list] .tile") || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        const { columns, step } = measures();
        const rows = Math.max(1, Math.floor(innerHeight / step) - 1);
        const to = {
            ArrowRight: listed.at + 1,
            ArrowLeft: listed.at - 1,
            ArrowDown: listed.at + columns,
            ArrowUp: listed.at - columns,
            PageDown: listed.at + rows * columns,
            PageUp: listed.at - rows * columns,
            Home: 0,
            End: listed.total - 1,
        }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            goTo(to);
        }
    });
    document.addEventListener("focusin", ({ target }) => {
        const item = target.closest?.("#gallery[data-as=list] .tile-place");
        if (item && listed) {
            listed.at = Number(item.ariaPosInSet) - 1;
            listed.tiles.forEach((other) => other.firstChild && (other.firstChild.tabIndex = other === item ? 0 : -1));
        }
    });
    document.addEventListener("click", ({ target }) => {
        const tile = target.closest?.("#gallery .tile");
        if (tile) {
            const parameters = window.marquee.parametersNow();
            parameters.set("cover", tile.dataset.cover);
            window.marquee.goTo(`${parameters}`);
        }
    });

    window.covers = { ask, element, tileOf, markChosen, say, showGiven, restart: () => start(searchOf(window.marquee.parametersNow())), percent };
    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        gallery: {
            // When the page is there.
            show: () => {
                requestAnimationFrame(show);
                return window.dash_clientside.no_update;
            },
        },
    });
})();
