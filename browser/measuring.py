"""Scripts that measure an open page; each returns what is wrong with it, as a list."""

# WCAG 2.2, 2.5.8: 24 pixels either way, unless it stands in a sentence; our own bar for what is
# pressed with a thumb is 44.
SMALL_TARGETS = """() => [...document.querySelectorAll("button, summary, input, select")]
    .filter(element => element.checkVisibility({visibilityProperty: true})
        && !element.closest(".sr, .tick, fieldset") && element.type !== "hidden"
        && element.getBoundingClientRect().x >= 0)
    .filter(element => element.getBoundingClientRect().height < 44)
    .map(element => element.outerHTML.slice(0, 100))"""

# Text that is out of the window, cut off by a box, or under something else. What a box scrolls to
# is reached; a long user name in the menu's button is cut off, and whole on the page it leads to.
# A card's link lies over all of it, and can be seen through; one field is for robots alone.
UNREADABLE_TEXTS = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const ignored = ".sr, .skip, .account .name, svg, option, script, [aria-hidden=true],"
        + ".field:has([name=website])";
    const inside = (box, rect) => rect.left >= box.left - 1 && rect.right <= box.right + 1
        && rect.top >= box.top - 1 && rect.bottom <= box.bottom + 1;
    const whole = {left: 0, top: -1e9, right: document.documentElement.clientWidth, bottom: 1e9};
    const boxes = element => {
        const clips = [whole];
        for (let box = element; box && box !== document.body; box = box.parentElement) {
            const {overflowX} = getComputedStyle(box);
            if (overflowX === "auto" || overflowX === "scroll") return [];
            if (overflowX !== "visible") clips.push(box.getBoundingClientRect());
        }
        return clips;
    };
    while (walker.nextNode()) {
        const node = walker.currentNode, element = node.parentElement;
        if (!node.data.trim() || element.closest(ignored)) continue;
        if (!element.checkVisibility({visibilityProperty: true})) continue;
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter(rect => rect.width > 1);
        const clips = boxes(element);
        for (const rect of rects.length > 3 ? [rects[0], rects[1], rects.at(-1)] : rects) {
            const words = `${element.localName}.${element.className}: ${node.data.trim()}`;
            if (clips.some(clip => !inside(clip, rect))) found.push(`cut off: ${words}`);
            const x = rect.left + rect.width / 2, y = rect.top + rect.height / 2;
            const above = document.elementFromPoint(x, y);
            const card = element.closest(".card, .person");
            if (!clips.length || !above || above.contains(element) || element.contains(above)
                || card && card.contains(above)) continue;
            found.push(`under ${above.localName}.${above.className}: ${words}`);
        }
    }
    return found.map(words => words.slice(0, 150));
}"""

# Names of states that come nearer to the edge of their tile than a reader can tell apart.
TOUCHING_TILES = """() => [...document.querySelectorAll(".tiles a, .tiles > span")]
    .filter(tile => {
        const range = document.createRange();
        range.selectNodeContents(tile.firstChild);
        const {width} = range.getBoundingClientRect();
        return width > tile.getBoundingClientRect().width - 4;
    }).map(tile => tile.textContent.trim())"""

# The lines of text on a picture, each with its edges there, its colour and the least contrast
# (WCAG 2.2, 1.4.3; large text has 18 points, or 14 in bold). The text is hidden for a photograph.
LINES_ON = """selector => {
    const lines = [];
    const picture = document.querySelector(selector), corner = picture.getBoundingClientRect();
    const walker = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const elements = new Set();
    while (walker.nextNode()) {
        const node = walker.currentNode, element = node.parentElement;
        if (!node.data.trim() || element.closest(".sr, .button")) continue;
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
        range.selectNodeContents(node);
        for (const {left, top, right, bottom} of range.getClientRects())
            lines.push({box: [left, top, right, bottom].map((edge, number) =>
                        edge - (number % 2 ? corner.top : corner.left)), color: style.color,
                        least: isLarge ? 3 : 4.5, words: node.data.trim()});
        elements.add(element);
    }
    for (const element of elements) element.style.color = "transparent";
    return lines;
}"""
WHAT_IS_WRONG = f"""async width => {{
    while (innerWidth !== width) await new Promise(requestAnimationFrame);
    const wide = document.documentElement.scrollWidth;
    return [
        ...(wide > width ? [`${{wide}} pixels wide`] : []),
        ...({UNREADABLE_TEXTS})(), ...({SMALL_TARGETS})(), ...({TOUCHING_TILES})(),
    ];
}}"""
SHOW_AGAIN = """selector => document.querySelectorAll(`${selector} [style]`).forEach(
    element => element.style.removeProperty("color"))"""
