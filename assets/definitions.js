// Data and definitions: draws what the server tells of them, hides what does not match as one types, and keeps the words
// looked for in the address.
(() => {
    const KINDS = [
        ["metric", "metric"],
        ["table", "table"],
        ["column", "column"],
    ];
    const findInAddress = (search) => new URLSearchParams(search).get("find") ?? "";

    const keepInAddress = (text) => {
        const parameters = new URLSearchParams(location.search);
        if ((parameters.get("find") ?? "") === text || location.pathname !== "/data") {
            return;
        }
        parameters.delete("find");
        if (text) {
            parameters.append("find", text);
        }
        // In place: a step Back for each letter would help nobody.
        history.replaceState(history.state, "", `${location.pathname}${text ? "?" : ""}${parameters}${location.hash}`);
    };

    const show = (page, words) => {
        const counts = { metric: 0, table: 0, column: 0 };
        const matches = (item) => words.every((word) => item.dataset.find.includes(word));
        page.querySelectorAll("[data-kind=metric]").forEach((item) => {
            item.hidden = !matches(item);
            counts.metric += !item.hidden;
        });
        page.querySelectorAll("[data-kind=table]").forEach((item) => {
            const columns = [...item.querySelectorAll("[data-kind=column]")];
            const found = columns.filter(matches);
            const isFound = matches(item);
            columns.forEach((column) => (column.hidden = !isFound && !found.includes(column)));
            item.hidden = !isFound && !found.length;
            counts.table += isFound;
            counts.column += found.length;
            const details = item.querySelector("details");
            // Opened to show a column that was looked for, and closed again when it no longer is.
            if (words.length && !isFound && found.length) {
                details.dataset.opened ??= details.open ? "before" : "by-search";
                details.open = true;
            } else if (details.dataset.opened) {
                details.open = details.dataset.opened === "before";
                delete details.dataset.opened;
            }
        });
        page.querySelectorAll("[data-group]").forEach((group) => {
            group.hidden = !group.querySelector("[data-kind]:not([hidden])");
        });
        page.querySelectorAll("ul.loaded").forEach((list) => {
            list.hidden = !list.querySelector("[data-kind=table]:not([hidden])");
            const heading = list.previousElementSibling;
            if (heading?.tagName === "H3") {
                heading.hidden = list.hidden;
            }
        });
        page.querySelectorAll("[data-searched]").forEach((section) => {
            section.hidden =
                words.length > 0 &&
                (section.dataset.searched === "no" || !section.querySelector("[data-kind]:not([hidden])"));
        });
        page.classList.toggle("is-searching", words.length > 0);
        return counts;
    };

    const told = (counts, text) => {
        const parts = KINDS.filter(([kind]) => counts[kind]).map(
            ([kind, word]) => `${counts[kind]} ${word}${counts[kind] === 1 ? "" : "s"}`,
        );
        return parts.length ? parts.join(", ") : `Nothing matches «${text}».`;
    };

    // Texts become text nodes, so nothing in the data is ever read as HTML.
    const drawn = (part) => {
        if (typeof part === "string") {
            return document.createTextNode(part);
        }
        const element = document.createElement(part.tag);
        Object.entries(part.attributes).forEach(([name, value]) => element.setAttribute(name, value));
        element.append(...part.parts.map(drawn));
        return element;
    };

    // What people have opened elsewhere on the page stays open.
    const replaceChanged = (page, parts) => {
        parts.forEach((part, place) => {
            if (JSON.stringify(part) !== JSON.stringify(drawnParts[place])) {
                page.children[place].replaceWith(drawn(part));
            }
        });
    };

    const idInAddress = () => {
        const hash = location.hash.slice(1);
        try {
            return decodeURIComponent(hash);
        } catch {
            return hash;
        }
    };

    const goToHash = () => {
        const target = document.getElementById(idInAddress());
        const details = target?.querySelector?.(":scope > details");
        if (details) {
            details.open = true;
        }
        target?.scrollIntoView();
    };
    window.addEventListener("hashchange", () => document.getElementById("definitions") && goToHash());

    let drawnParts = null;

    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        definitions: {
            find: (value, parts) => {
                // Before the box has been filled from the address, the address knows.
                const text = (value ?? findInAddress(location.search)).trim();
                const words = text.toLowerCase().split(/\s+/).filter(Boolean);
                keepInAddress(text);
                const page = document.getElementById("definitions");
                if (!parts || !page) {
                    return "";
                }
                const isFirst = page.children.length !== parts.length;
                if (isFirst) {
                    page.replaceChildren(...parts.map(drawn));
                    document.getElementById("definitions-loading").hidden = true;
                    document.getElementById("definitions-find").dataset.search = "";
                } else if (parts !== drawnParts) {
                    replaceChanged(page, parts);
                }
                drawnParts = parts;
                const counts = show(page, words);
                if (isFirst) {
                    goToHash();
                }
                return words.length ? told(counts, text) : "";
            },
            found: (search, value) => {
                const text = findInAddress(search);
                return text === (value ?? "").trim() ? window.dash_clientside.no_update : text;
            },
        },
    });
})();
