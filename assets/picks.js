// One click filters: whatever carries data-pick (components/picks.py), or a mark of a figure that announces itself by the
// event "marquee:pick", opens a menu: only this, without this, open the rows; or where the figure has data-pick-opens, the
// card of that id, which shows the accounts in it. The choice is written into the address.
(() => {
    const GAP_PX = 8;
    let menu;
    let opener;

    const close = () => {
        menu?.remove();
        menu = undefined;
        // A newer answer may have been drawn behind the menu.
        opener?.()?.focus();
        opener = undefined;
    };

    const isDays = (pick) => pick.has("start_day");

    const only = (pick) => {
        const parameters = window.marquee.parametersNow();
        pick.forEach((_value, name) => {
            parameters.delete(name);
            parameters.delete(`not_${name}`);
        });
        if (isDays(pick)) {
            parameters.delete("period");
        }
        pick.forEach((value, name) => parameters.append(name, value));
        return parameters;
    };

    const goToCard = (id) => {
        const card = document.getElementById(id);
        card.tabIndex = -1;
        card.focus({ preventScroll: true });
        card.scrollIntoView({ block: "nearest" });
    };

    const without = (pick) => {
        const parameters = window.marquee.parametersNow();
        pick.forEach((value, name) => {
            const chosen = parameters.getAll(name);
            const rest = chosen.filter((other) => other !== value);
            if (rest.length) {
                parameters.delete(name);
                rest.forEach((other) => parameters.append(name, other));
            } else if (!parameters.getAll(`not_${name}`).includes(value)) {
                parameters.delete(name);
                parameters.append(`not_${name}`, value);
            }
        });
        return parameters;
    };

    const item = (icon, text, attributes) => {
        const made = document.createElement(attributes.href ? "a" : "button");
        made.className = `bi bi-${icon}`;
        made.role = "menuitem";
        made.tabIndex = -1;
        made.textContent = text;
        Object.assign(made, attributes);
        return made;
    };

    const open = ({ search, label, from, left, top }) => {
        close();
        const pick = new URLSearchParams(search);
        const card = from.closest("[data-pick-opens]")?.dataset.pickOpens;
        const rows = card ? undefined : from.closest("[data-rows]")?.dataset.rows;
        menu = document.createElement("div");
        menu.className = "pick-menu";
        menu.role = "menu";
        menu.ariaLabel = label;
        const choose = (parameters) => () => {
            close();
            window.marquee.goTo(`${parameters(pick)}`);
        };
        if (card) {
            const openCard = () => {
                choose(only)();
                goToCard(card);
            };
            menu.append(item("people", "The accounts in it", { onclick: openCard }));
        } else {
            menu.append(item("funnel", `Only ${label}`, { onclick: choose(only) }));
        }
        // An hour of a weekday: to leave out either would leave out more.
        if (!card && !isDays(pick) && pick.size === 1) {
            menu.append(item("slash-circle", `Without ${label}`, { onclick: choose(without) }));
        }
        if (rows) {
            const parameters = only(pick);
            parameters.delete("show");
            menu.append(item("table", "Open the rows", { href: `/explore?${new URLSearchParams({ table: rows })}&${parameters}` }));
        }
        document.body.append(menu);
        const { offsetWidth, offsetHeight } = menu;
        menu.style.left = `${Math.max(GAP_PX, Math.min(left, document.documentElement.clientWidth - offsetWidth - GAP_PX))}px`;
        menu.style.top = `${Math.max(GAP_PX, Math.min(top, innerHeight - offsetHeight - GAP_PX))}px`;
        opener = window.marquee.placeOf(from);
        menu.firstChild.focus({ preventScroll: true });
    };

    document.addEventListener("click", ({ target }) => {
        // A link in a row leads on instead, and of a grid each cell stands for something else.
        const row = target.closest?.("a, [role=grid]") ? null : target.closest?.("tr");
        const marked = target.closest?.("[data-pick]") ?? row?.querySelector("[data-pick]");
        if (marked) {
            const { left, bottom } = marked.getBoundingClientRect();
            open({ search: marked.dataset.pick, label: marked.dataset.pickLabel, from: marked, left, top: bottom + 4 });
        }
    });

    // A shape or a cell is no button, so that the keys which press one do nothing by themselves.
    document.addEventListener("keydown", (event) => {
        if ((event.key === "Enter" || event.key === " ") && event.target.matches?.(":is(path, td)[data-pick]")) {
            event.preventDefault();
            event.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        }
    });

    // The cells of a grid are one stop of the Tab key; the arrow keys walk from one that stands for something to the next.
    document.addEventListener("focusin", ({ target }) => {
        if (target.matches?.("[role=grid] td[data-pick]")) {
            target.closest("table").querySelectorAll('td[tabindex="0"]').forEach((cell) => (cell.tabIndex = -1));
            target.tabIndex = 0;
        }
    });
    document.addEventListener("keydown", (event) => {
        const [across, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? [];
        if (across === undefined || !event.target.matches?.("[role=grid] td[data-pick]")) {
            return;
        }
        event.preventDefault();
        const { rows } = event.target.closest("table");
        let [row, column] = [event.target.parentElement.rowIndex + down, event.target.cellIndex + across];
        while (rows[row]?.cells[column] && !rows[row].cells[column].dataset.pick) {
            [row, column] = [row + down, column + across];
        }
        rows[row]?.cells[column]?.focus();
    });

    // The cell that the address asks for is marked; its figure is not asked for anew.
    window.marquee.markChosen = (search) => {
        const parameters = new URLSearchParams(search);
        document.querySelectorAll("[role=grid]:has(td[data-pick])").forEach((grid) => {
            const names = [...new URLSearchParams(grid.querySelector("td[data-pick]").dataset.pick).keys()];
            const wanted = `${new URLSearchParams(names.map((name) => [name, parameters.get(name) ?? ""]))}`;
            grid.querySelectorAll("[aria-selected]").forEach((cell) => (cell.ariaSelected = null));
            const chosen = grid.querySelector(`td[data-pick="${CSS.escape(wanted)}"]`);
            if (chosen) {
                chosen.ariaSelected = "true";
            }
        });
    };

    document.addEventListener("pointerdown", ({ target }) => {
        if (menu && !menu.contains(target)) {
            opener = undefined;
            close();
        }
    });

    // A figure says what was clicked on it, and where on the screen.
    document.addEventListener("marquee:pick", ({ target, detail }) => open({ ...detail, from: target }));

    document.addEventListener("keydown", (event) => {
        if (!menu) {
            return;
        }
        const items = [...menu.children];
        const at = items.indexOf(document.activeElement);
        const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
        if (next !== undefined) {
            event.preventDefault();
            items.at(next % items.length).focus();
        } else if (event.key === "Escape" || event.key === "Tab") {
            event.preventDefault();
            event.stopImmediatePropagation();
            close();
        }
    });
})();
