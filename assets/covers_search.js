// What covers are looked for by in the gallery besides words: colours with weights, and an image that stays in memory;
// and the covers chosen to compare. All but the image is in the address.
(() => {
    const MOST_COLOURS = 5;
    const MOST_COMPARED = 4;
    const UPLOAD_MAX_BYTES = 20_000_000;
    const at = (id) => document.getElementById(id);

    const coloursIn = (text) =>
        (text ?? "")
            .split(",")
            .map((part) => part.split(":"))
            .filter(([colour]) => /^[0-9a-f]{6}$/i.test(colour))
            .map(([colour, weight]) => ({ colour: colour.toLowerCase(), weight: Number(weight ?? 100) || 100 }));

    const write = (name, value, { instead = false } = {}) => {
        const parameters = window.marquee.parametersNow();
        parameters.delete(name);
        if (value) {
            parameters.set(name, value);
        }
        window.marquee.goTo(`${parameters}`, { instead });
    };
    const writeColours = (colours, how) => {
        const parameters = window.marquee.parametersNow();
        parameters.delete("like");
        parameters.delete("colours");
        if (colours.length) {
            parameters.set("colours", colours.map(({ colour, weight }) => `${colour}:${weight}`).join(","));
        }
        window.marquee.goTo(`${parameters}`, how);
    };
    const coloursNow = () => coloursIn(window.marquee.parametersNow().get("colours"));
    const addColour = (colour) => {
        const colours = coloursNow();
        if (colours.length < MOST_COLOURS && !colours.some((other) => other.colour === colour)) {
            writeColours([...colours, { colour, weight: 50 }]);
        }
    };

    // Each colour looked for: its swatch, which opens the browser's own chooser, its weight, and what takes it away.
    const chipOf = ({ colour, weight }) => {
        const { element } = window.covers;
        const swatch = element("input", { type: "color", value: `#${colour}` });
        swatch.ariaLabel = `Colour #${colour}: change it`;
        const slider = element("input", { type: "range", min: 5, max: 100, step: 5, value: weight });
        slider.ariaLabel = `Weight of #${colour}`;
        const remove = element("button", { type: "button", className: "bi bi-x", title: `Leave out #${colour}` });
        remove.ariaLabel = `Leave out #${colour}`;
        const chip = element("li", { className: "colour-chip" }, swatch, slider, remove);
        const others = () => coloursNow().filter((other) => other.colour !== colour);
        const changed = (now) => writeColours(coloursNow().map((other) => (other.colour === colour ? { ...other, ...now } : other)));
        swatch.addEventListener("change", () => changed({ colour: swatch.value.slice(1) }));
        slider.addEventListener("change", () => changed({ weight: Number(slider.value) }));
        remove.addEventListener("click", () => {
            writeColours(others());
            document.querySelector("[data-add-colour]").focus();
        });
        chip.dataset.colour = colour;
        return chip;
    };

    const showColours = (parameters) => {
        const colours = coloursIn(parameters.get("colours")).slice(0, MOST_COLOURS);
        const list = at("colours-chosen");
        const focused = list.contains(document.activeElement)
            ? { colour: document.activeElement.closest("li").dataset.colour, place: [...document.activeElement.parentElement.children].indexOf(document.activeElement) }
            : undefined;
        list.replaceChildren(...colours.map(chipOf));
        list.hidden = !colours.length;
        if (focused) {
            const chip = list.querySelector(`[data-colour="${focused.colour}"]`) ?? list.lastElementChild;
            chip?.children[focused.place]?.focus();
        }
        document.querySelectorAll("[data-add-colour]").forEach((button) => {
            const isLookedFor = colours.some(({ colour }) => colour === button.dataset.addColour);
            button.ariaPressed = `${isLookedFor}`;
            button.disabled = colours.length >= MOST_COLOURS && !isLookedFor;
        });
    };

    // What is in force though the list does not offer it is shown in it all the same.
    const showChoice = (control, value) => {
        control.querySelector("[data-unlisted]")?.remove();
        control.value = value ?? control.options?.[0].value ?? "";
        if (control.selectedIndex < 0) {
            const shown = window.covers.element("option", { textContent: value, value, selected: true });
            shown.dataset.unlisted = "";
            control.append(shown);
        }
    };

    // An image that somebody has sent, which the server looked at and forgot: kept here, by its ``url``, while the page
    // shows what is like it; without one where it could not be looked at.
    let sent;
    // Where covers are looked for by colours, a cover or an image, the order is by likeness, whatever is chosen.
    const showOrder = () => {
        const control = document.querySelector('.gallery-bar [data-option="cover_order"]');
        const parameters = window.marquee.parametersNow();
        const order = sent || parameters.get("like") ? "Nearest first" : parameters.get("colours") ? "Best match first" : "";
        control.disabled = Boolean(order);
        showChoice(control, order || parameters.get("cover_order"));
        at("show-again").hidden = (!sent && !parameters.get("like")) || at("gallery").dataset.as === "nothing";
    };
    const showLike = (cover) => {
        if (!cover) {
            return;
        }
        const { element } = window.covers;
        const picture = element("img", { src: `/covers/${cover.image_hash}.webp`, alt: "", className: "cover" });
        const link = element("a", { className: "sought-name" }, picture, cover.cover_name);
        link.dataset.inside = "";
        at("sought").replaceChildren("Like", link);
        leadToLike();
    };
    // The link to the cover whose look-alikes are shown keeps what else is in the address.
    const leadToLike = () => {
        const link = at("sought").querySelector("a");
        const parameters = window.marquee.parametersNow();
        parameters.set("cover", parameters.get("like"));
        if (link) {
            link.href = `?${parameters}`;
        }
    };

    const forgetImage = () => {
        if (sent?.url) {
            URL.revokeObjectURL(sent.url);
        }
        sent = undefined;
        at("sought")?.replaceChildren();
    };
    const showImage = (file, palette) => {
        const { element, percent } = window.covers;
        forgetImage();
        sent = { url: URL.createObjectURL(file) };
        const strip = element("span", { className: "palette-strip", role: "img" });
        strip.ariaLabel = `Its palette: ${palette.map(({ hex, share }) => `${hex} ${percent(share)}`).join(", ")}`;
        palette.forEach(({ hex, share }) => {
            const part = element("span", { title: `${hex}, ${percent(share)}` });
            part.style.background = hex;
            part.style.flexGrow = 100 * share;
            strip.append(part);
        });
        at("sought").replaceChildren(
            "Like",
            element("img", { src: sent.url, alt: `The image chosen, ${file.name}`, className: "cover" }),
            element("span", { className: "sought-name", textContent: file.name }),
            strip,
        );
    };
    // Whether there was a search by colours or a cover to leave.
    const leaveSearch = () => {
        const parameters = window.marquee.parametersNow();
        const isSearch = parameters.has("like") || parameters.has("colours");
        parameters.delete("like");
        parameters.delete("colours");
        if (isSearch) {
            window.marquee.goTo(`${parameters}`);
        }
        return isSearch;
    };
    const lookLike = async (file) => {
        if (!file) {
            return;
        }
        const refuse = (text) => {
            forgetImage();
            sent = {};
            const again = window.covers.element("button", { type: "button", textContent: "Show all again" });
            again.dataset.showAgain = "";
            window.covers.showProblem(text, again);
        };
        if (file.size > UPLOAD_MAX_BYTES) {
            refuse(`${file.name} is larger than ${UPLOAD_MAX_BYTES / 1e6} MB. Choose a smaller one.`);
            return;
        }
        window.covers.say(`Looking at ${file.name} …`);
        at("gallery").setAttribute("aria-busy", "true");
        const asked = new URLSearchParams(window.marquee.parametersNow());
        ["like", "colours", "cover", "covers"].forEach((name) => asked.delete(name));
        try {
            const answer = await window.covers.ask("/covers/like", asked, { method: "POST", body: file });
            leaveSearch();
            showImage(file, answer.palette);
            window.covers.showGiven(answer, `The ${answer.total} covers nearest to ${file.name}, the nearest first`);
        } catch (error) {
            refuse(error.message);
        } finally {
            at("gallery")?.removeAttribute("aria-busy");
        }
    };

    document.addEventListener("change", ({ target }) => {
        if (target.id === "image-file") {
            lookLike(target.files[0]);
            target.value = "";
        } else if (target.id === "other-colour") {
            addColour(target.value.slice(1));
        }
    });
    document.addEventListener("dragover", (event) => {
        if (at("gallery") && event.dataTransfer.types.includes("Files")) {
            event.preventDefault();
        }
    });
    document.addEventListener("drop", (event) => {
        if (at("gallery") && event.dataTransfer.files.length) {
            event.preventDefault();
            lookLike(event.dataTransfer.files[0]);
        }
    });

    // The covers to compare, by their hashes, wherever on the page they are added.
    const comparedNow = () => (window.marquee.parametersNow().get("covers") ?? "").split(",").filter(Boolean);
    const showCompared = (covers) => {
        const tray = at("compare-tray");
        if (!tray) {
            return;
        }
        const { element } = window.covers;
        tray.hidden = !covers.length;
        const chosen = covers.map((cover) => {
            const picture = element("img", { src: `/covers/${cover.image_hash}.webp`, alt: "", className: "cover" });
            const remove = element("button", { type: "button", className: "compared" }, picture, element("i", { className: "bi bi-x", ariaHidden: "true" }));
            remove.dataset.compareRemove = cover.image_hash;
            remove.title = `Leave ${cover.cover_name} out of the comparison`;
            remove.ariaLabel = remove.title;
            return remove;
        });
        const parameters = window.marquee.parametersNow();
        ["cover", "like", "colours", "cover_order", "find_title", "genre", "original"].forEach((name) => parameters.delete(name));
        const isEnough = covers.length > 1;
        const words = isEnough ? `Compare ${covers.length} covers` : "Add another cover to compare";
        const lead = element(isEnough ? "a" : "span", { textContent: words, className: isEnough ? "primary" : "secondary" });
        if (isEnough) {
            lead.href = `/artwork/compare?${parameters}`;
            lead.dataset.inside = "";
        }
        tray.replaceChildren(...chosen, lead);
    };
    document.addEventListener("click", ({ target }) => {
        const add = target.closest?.("[data-compare-add]")?.dataset.compareAdd;
        const remove = target.closest?.("[data-compare-remove]")?.dataset.compareRemove;
        const compared = comparedNow();
        if (add && compared.includes(add)) {
            window.covers.say("This cover is among those to compare already.");
        } else if (add && compared.length >= MOST_COMPARED) {
            window.covers.say(`At most ${MOST_COMPARED} covers are compared; leave one out first.`, true);
        } else if (add) {
            write("covers", [...compared, add].join(","));
        } else if (remove) {
            write("covers", compared.filter((hash) => hash !== remove).join(","));
        }
        const colour = target.closest?.("[data-add-colour]")?.dataset.addColour;
        if (colour) {
            const colours = coloursNow();
            const isChosen = colours.some((other) => other.colour === colour);
            if (isChosen) {
                writeColours(colours.filter((other) => other.colour !== colour));
            } else {
                addColour(colour);
            }
        }
        if (target.closest?.("#choose-image")) {
            at("image-file").click();
        }
        const like = target.closest?.("[data-like]")?.dataset.like;
        if (like) {
            const parameters = window.marquee.parametersNow();
            parameters.delete("colours");
            parameters.set("like", like);
            window.marquee.goTo(`${parameters}`);
            scrollTo({ top: 0, behavior: "instant" });
        }
        if (target.closest?.("#show-again, [data-show-again]")) {
            forgetImage();
            if (!leaveSearch()) {
                window.covers.restart();
            }
            at("choose-image").focus();
        }
        if (target.closest?.("#close-cover")) {
            write("cover", "");
        }
    });

    // On a narrow screen the cover chosen lies above the others.
    document.addEventListener("keydown", (event) => {
        const aside = at("cover-aside");
        if (event.key === "Escape" && !event.defaultPrevented && aside?.matches("[data-open]") && getComputedStyle(aside).position === "fixed") {
            write("cover", "");
        }
    });

    const showChoices = async (parameters) => {
        document.querySelectorAll(".gallery-bar :is([data-option], [data-typed-option] input)").forEach((control) => {
            if (!window.marquee.isTypedInto(control) && "value" in control) {
                showChoice(control, parameters.get(window.marquee.optionOf(control)));
            }
        });
        showColours(parameters);
        showOrder();
        leadToLike();
        at("cover-aside").toggleAttribute("data-open", Boolean(parameters.get("cover")));
        const wanted = parameters.get("covers") ?? "";
        if (wanted !== (at("compare-tray").dataset.covers ?? "")) {
            at("compare-tray").dataset.covers = wanted;
            const answer = wanted ? await window.covers.ask("/covers/list", [...parameters, ["count", 0]]).catch(() => undefined) : undefined;
            showCompared(answer?.compared ?? []);
        }
    };

    Object.assign(window.covers, { showChoices, showOrder, showLike, forgetImage });
})();
