// The covers compared (components/compare.py): found by typing a title, added to the address by key or pointer.
(() => {
    const REST_MS = 150;
    const MOST_FOUND = 10;
    const MOST_COMPARED = 4;
    const at = (id) => document.getElementById(id);
    let found = [];
    let chosen = -1;
    let resting;
    let asked = 0;

    const comparedNow = () => (window.marquee.parametersNow().get("covers") ?? "").split(",").filter(Boolean);

    const point = (index) => {
        chosen = index;
        [...at("covers-found").children].forEach((option, number) => {
            option.ariaSelected = `${number === index}`;
            if (number === index) {
                option.scrollIntoView({ block: "nearest" });
            }
        });
        const field = at("find-cover");
        if (index >= 0) {
            field.setAttribute("aria-activedescendant", `cover-found-${index}`);
        } else {
            field.removeAttribute("aria-activedescendant");
        }
    };

    const close = () => {
        at("covers-found").hidden = true;
        at("find-cover").setAttribute("aria-expanded", "false");
        point(-1);
    };

    const add = (cover) => {
        const compared = comparedNow();
        if (!compared.includes(cover.image_hash) && compared.length < MOST_COMPARED) {
            const parameters = window.marquee.parametersNow();
            parameters.set("covers", [...compared, cover.image_hash].join(","));
            window.marquee.goTo(`${parameters}`);
        }
        at("find-cover").value = "";
        close();
    };

    const optionOf = (cover, index) => {
        const { element } = window.covers;
        const picture = element("img", { src: `/covers/${cover.image_hash}.webp`, alt: "", className: "cover" });
        const option = element("li", { role: "option", id: `cover-found-${index}` }, picture, cover.cover_name);
        option.ariaSelected = "false";
        option.addEventListener("pointerdown", (event) => {
            event.preventDefault();
            add(cover);
        });
        return option;
    };

    const say = (text) => {
        at("compare-told").textContent = text;
    };

    const find = async (text) => {
        const number = ++asked;
        const wanted = { find_title: text, cover_order: "title", count: MOST_FOUND + MOST_COMPARED };
        try {
            const answer = await window.covers.ask("/covers/list", Object.entries(wanted));
            if (number !== asked || document.activeElement !== at("find-cover")) {
                return;
            }
            const compared = comparedNow();
            found = answer.covers.filter(({ image_hash }) => !compared.includes(image_hash)).slice(0, MOST_FOUND);
            at("covers-found").replaceChildren(...found.map(optionOf));
            at("covers-found").hidden = !found.length;
            at("find-cover").setAttribute("aria-expanded", `${found.length > 0}`);
            point(found.length && text ? 0 : -1);
            say(found.length ? `${answer.total.toLocaleString("en")} covers found` : `No title is like «${text}».`);
        } catch (error) {
            say(error.message);
        }
    };

    document.addEventListener("input", ({ target }) => {
        if (target.id === "find-cover") {
            clearTimeout(resting);
            resting = setTimeout(() => find(target.value.trim()), REST_MS);
        }
    });
    document.addEventListener("focusin", ({ target }) => target.id === "find-cover" && !target.disabled && find(target.value.trim()));
    document.addEventListener("focusout", ({ target }) => target.id === "find-cover" && close());
    document.addEventListener("keydown", (event) => {
        if (event.target.id !== "find-cover") {
            return;
        }
        const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
        if (to !== undefined && found.length) {
            event.preventDefault();
            point((to + found.length) % found.length);
        } else if (event.key === "Enter" && found[chosen]) {
            event.preventDefault();
            add(found[chosen]);
        } else if (event.key === "Escape" && !at("covers-found").hidden) {
            event.preventDefault();
            close();
        }
    });

    document.addEventListener("click", (event) => {
        const suggestion = event.target.closest?.("[data-compare-covers]");
        if (suggestion && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
            event.preventDefault();
            const parameters = window.marquee.parametersNow();
            parameters.set("covers", suggestion.dataset.compareCovers);
            window.marquee.goTo(`${parameters}`);
        }
    });

    const show = () => {
        if (!at("compare-chooser")) {
            return;
        }
        const count = comparedNow().length;
        at("compare-suggestions").hidden = count > 0;
        at("compare-head").toggleAttribute("data-empty", count === 0);
        at("find-cover").disabled = count >= MOST_COMPARED;
        say(
            count >= MOST_COMPARED
                ? "Four covers are compared; leave one out to add another."
                : count === 1
                  ? "Add another to compare it with."
                  : count
                    ? `${count} covers; up to four are compared.`
                    : "Two to four covers are compared.",
        );
    };

    addEventListener("_dashprivate_pushstate", show);
    addEventListener("popstate", show);
    window.dash_clientside = Object.assign({}, window.dash_clientside, {
        compare: {
            show: () => {
                requestAnimationFrame(show);
                return window.dash_clientside.no_update;
            },
        },
    });
})();
