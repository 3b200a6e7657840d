// The gallery of covers (components/gallery.py): only what is on the screen is in the page, however many there are. The
// server lists a page at a time, in the order that the address asks for; assets/covers_map.js places them on the map.
(() => {
    const PAGE = 120;
    const OVERSCAN_ROWS = 2;
    const GAP_PX = 12;
    const TILE_MIN_PX = 116;
    const CAPTION_PX = 40;
    // What of the address does not say which covers are listed, for it is about one or a few of them.
    const ABOUT_ONE = ["cover", "covers", "show", "shelf", "map_part"];

    const at = (id) => document.getElementById(id);
    const root = () => at("gallery");
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

    const nameOf = ({ cover_name: name, titles }) => (titles > 1 ? `${name} and ${titles - 1} more` : name);

    // A cover to choose: a button, which says what it shows.
    const tileOf = (cover, more = "") => {
        const image = element("img", { className: "cover", alt: "", loading: "lazy", decoding: "async", draggable: false });
        image.src = `/covers/${cover.image_hash}.webp`;
        const name = element("span", { className: "tile-name", textContent: nameOf(cover) });
        const fact = element("span", { className: "tile-fact", textContent: told(cover) });
        const tile = element("button", { type: "button", className: "tile", title: nameOf(cover), tabIndex: -1 }, image, name, fact);
        tile.dataset.cover = cover.image_hash;
        tile.ariaLabel = `${nameOf(cover)}, ${told(cover)}${more}`;
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
        const status = at("gallery-status");
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
        if (!root() || !list || root().dataset.as !== "list") {
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

    const counted = (total, parameters, like) => {
        const all = Number(root().dataset.total).toLocaleString("en");
        const some = `${total.toLocaleString("en")} cover${total === 1 ? "" : "s"}`;
        if (like) {
            return `The ${some} nearest to ${like.cover_name}, the nearest first`;
        }
        if (parameters.get("colours")) {
            return `${some} of ${all} with some of it, most first`;
        }
        return some.startsWith(`${all} `) ? some : `${some} of ${all}`;
    };

    // What no cover is or has, by the choice that asks for it.
    const quoted = (values) => `«${values.join(", ").slice(0, 20)}»`;
    const lacking = {
        find_title: (value) => `a title like ${quoted([value])}`,
        genre: (value) => `the genre ${quoted([value])}`,
        original: (value) => ({ yes: "an original’s title", no: "the title of what is no original" })[value] ?? "a title not known to be an original or not",
        kind: (_value, values, left) => (values.length ? `the kind ${quoted(values)}` : `a kind other than ${quoted(left)}`),
        title: () => "the title chosen in the filters",
        colours: () => "any of these colours",
    };
    const whyNothing = ({ unmet, like }, parameters) => {
        const sought = parameters.get("like");
        if (sought && !like) {
            return `There is no cover ${quoted([sought])} in these data.`;
        }
        if (unmet.includes("genre") && document.querySelector('.gallery-bar [data-option="genre"] [data-unlisted]')) {
            return `There is no genre ${quoted([parameters.get("genre")])} in these data.`;
        }
        if (unmet.includes("like")) {
            return `No other cover has colours to compare with those of ${like.cover_name}.`;
        }
        const parts = unmet.map((name) => lacking[name](parameters.get(name), parameters.getAll(name), parameters.getAll(`not_${name}`)));
        const [last, ...others] = parts.reverse();
        return last ? `No cover has ${others.length ? `${others.reverse().join(", ")} and ` : ""}${last}.` : "There is no cover.";
    };

    const clear = (as) => {
        root().replaceChildren();
        root().dataset.as = as;
        root().role = as === "list" ? "list" : "group";
        root().style.height = "";
        window.covers.showOrder();
    };

    // What stands in for covers: why there are none, and what to do. The status, which is read out, says it, too.
    const showNothing = (kind, icon, text, ...onward) => {
        listed = listOf(searchOf(window.marquee.parametersNow()), { total: 0, covers: [] });
        clear("nothing");
        const title = element("p", { className: "state-title", textContent: text, ariaHidden: "true" });
        const parts = onward.map((part) => element("p", {}, part));
        root().append(element("div", { className: `state state-${kind}` }, element("i", { className: `bi bi-${icon}`, ariaHidden: "true" }), title, ...parts));
        at("gallery-status").replaceChildren(element("span", { className: "visually-hidden", textContent: text }));
    };
    const showProblem = (text, ...onward) => showNothing("failed", "exclamation-triangle", text, ...onward);

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
            window.covers.showLike(answer.like);
            if (!answer.total) {
                const all = element("a", { href: "?", textContent: "Show all covers" });
                showNothing("filtered-out", "funnel", whyNothing(answer, parameters), all);
                return;
            }
            clear(isMap ? "map" : "list");
            say(counted(answer.total, parameters, answer.like));
            if (isMap) {
                window.covers.showMap(root(), search, window.marquee.parametersNow().get("map_part") ?? "");
            } else {
                draw();
            }
        } catch (error) {
            if (listed === list && root()) {
                const again = element("button", { type: "button", textContent: "Try again", onclick: () => start(search) });
                showProblem(error.message, again);
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
            window.covers.forgetImage();
            start(search);
        } else {
            markChosen();
            window.covers.followPart(parameters.get("map_part") ?? "");
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
        const bars = at("filters").offsetHeight;
        const bottom = innerHeight - at("compare-tray").offsetHeight;
        const isHidden = top - scrollY < bars || top + shape.step - scrollY > bottom;
        if (isHidden) {
            scrollTo({ top: top - (bottom - shape.step + bars) / 2, behavior: "instant" });
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

    const restart = () => start(searchOf(window.marquee.parametersNow()));
    window.covers = { ask, element, tileOf, markChosen, say, showGiven, showProblem, restart, percent };
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
