// A card as a picture: its own HTML and styles inside an SVG, drawn on a canvas by the browser, so that figures, tables and
// key figures alike are taken as they look, with the filters in words and the data's freshness below.
(() => {
    const SCALE = 2;
    const WORDS_HEIGHT_PX = 84;
    const PADDING_PX = 32;
    const SVG = "http://www.w3.org/2000/svg";
    const LEFT_OUT = "details, .visually-hidden, .lines-tip";

    const asDataUrl = async (address) => {
        const blob = await (await fetch(address)).blob();
        return new Promise((resolve) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result);
            reader.readAsDataURL(blob);
        });
    };

    // Nothing outside a picture can be loaded into it, so the font is put in whole.
    const styles = async () => {
        const font = document.querySelector('link[rel="preload"][as="font"]').href;
        const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
        const own = rules.filter((rule) => !(rule instanceof CSSFontFaceRule)).map((rule) => rule.cssText);
        // Drawn at once or not at all: a picture does not wait for a font that may be swapped in later.
        const face = `font-family: Inter; font-weight: 100 900; font-display: block; src: url("${await asDataUrl(font)}")`;
        return `@font-face { ${face}; } ${own.join("\n")}`;
    };

    const text = (tag, words) => {
        const made = document.createElement(tag);
        made.className = "secondary";
        made.textContent = words;
        return made;
    };

    const copyOf = (card) => {
        const copy = card.cloneNode(true);
        copy.querySelectorAll(LEFT_OUT).forEach((part) => part.remove());
        copy.querySelectorAll(".table-scroll").forEach((part) => (part.style.maxHeight = "none"));
        const chips = [...document.querySelectorAll(".chips a")].map((chip) => chip.textContent);
        const words = [document.getElementById("filter-summary").textContent, ...chips].filter(Boolean).join("; ");
        copy.append(text("p", words), text("p", `Marquee, ${document.querySelector(".freshness span").textContent}`));
        copy.classList.add("picture");
        return copy;
    };

    // The copy has no scroll bars, and two lines of words more.
    const heightOf = (card) => {
        const hidden = [...card.querySelectorAll(".table-scroll")].map((part) => part.scrollHeight - part.clientHeight);
        return card.offsetHeight + hidden.reduce((sum, height) => sum + height, 0) + WORDS_HEIGHT_PX;
    };

    const drawn = async (card) => {
        const copy = copyOf(card);
        const [width, height] = [card.offsetWidth + PADDING_PX, heightOf(card)];
        const style = document.createElement("style");
        style.textContent = await styles();
        const svg = document.createElementNS(SVG, "svg");
        svg.setAttribute("width", width);
        svg.setAttribute("height", height);
        svg.dataset.bsTheme = document.documentElement.dataset.bsTheme;
        const inside = document.createElementNS(SVG, "foreignObject");
        inside.setAttribute("width", "100%");
        inside.setAttribute("height", "100%");
        const body = document.createElement("body");
        body.append(style, copy);
        inside.append(body);
        svg.append(inside);
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
        await image.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        return new Promise((resolve) => canvas.toBlob(resolve));
    };

    document.addEventListener("click", async ({ target }) => {
        const button = target.closest?.("[data-picture]");
        if (!button) {
            return;
        }
        button.disabled = true;
        const blob = await drawn(document.getElementById(button.dataset.picture)).finally(() => (button.disabled = false));
        const link = Object.assign(document.createElement("a"), {
            href: URL.createObjectURL(blob),
            download: `marquee-${button.dataset.picture}.png`,
        });
        link.click();
        URL.revokeObjectURL(link.href);
    });
})();
