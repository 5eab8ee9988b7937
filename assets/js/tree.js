// Draws a page: one component of Dash whose property `node` is a tree of plain elements (dashboard/view/tags.py). Dash makes
// every component a subscriber of its store and asks each again at every change; of a tree of seven hundred elements it asks
// once. React compares the new tree with the old one and changes what differs, and nothing else is touched.
(function () {
  const TAGS = new Set(["a", "b", "br", "button", "datalist", "details", "div", "form", "h1", "h2", "header", "i", "label", "li", "nav",
    "fieldset", "legend", "ol", "option", "p", "section", "span", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"]);
  const FIELDS = new Set(["input", "select"]);
  // What could run or load something is no attribute of ours: handlers, markup, and addresses but those of this page's own kind.
  const NEVER = /^(on.*|dangerouslySetInnerHTML|ref|key|children|srcDoc|src|formAction)$/i;
  const ADDRESS = { href: /^($|[/#?]|https:\/\/|mailto:)/, action: /^\/(?!\/)/ };
  const list = (children) => Array.isArray(children) ? children : [children];
  // What the server said of a field: what it holds where nobody has typed.
  const said = new WeakMap();

  function attributes(props) {
    const kept = {};
    for (const name in props) if (!NEVER.test(name) && (!ADDRESS[name] || ADDRESS[name].test(props[name]))) kept[name] = props[name];
    return kept;
  }

  // A child's name among its siblings; one that stands twice names nobody.
  function named(props, seen) {
    const key = props.key ?? props.id ?? props["data-id"];
    if (key === undefined || seen.has(key)) return undefined;
    seen.add(key);
    return String(key);
  }

  // In a production build no array asks for keys; children that have none are told by their place.
  function drawn(children, part) {
    const seen = new Set();
    return list(children).map((child) => draw(child, part, seen));
  }

  function draw(node, part, seen) {
    if (node === null || node === undefined || typeof node === "boolean") return null;
    if (typeof node !== "object") return String(node);
    if (Array.isArray(node)) return React.createElement(React.Fragment, null, ...drawn(node, part));
    const { type, props } = node, key = named(props, seen);
    if (type === "Graph") return React.createElement(parts().Chart, { ...props, key });
    const inside = part && props.id === part.id ? part.node : props.children;
    const children = inside === undefined ? [] : drawn(inside, part);
    if (FIELDS.has(type)) return React.createElement(parts().Field, { key, tag: type, given: props }, ...children);
    if (!TAGS.has(type)) throw new Error("No element of ours: " + type);
    return React.createElement(type, { ...attributes(props), key }, ...children);
  }

  // React is there when something is drawn first.
  let made = null;
  const parts = () => made || (made = { Field: field(React), Chart: chart(React) });

  // A field is the browser's: what is typed stays through a redraw while one is at it. What the server says anew is shown in
  // every other.
  const ticks = (props) => props.type === "checkbox" || props.type === "radio";
  const told = (props) => ticks(props) ? Boolean(props.checked) : String(props.value ?? "");
  const now = (box, props) => ticks(props) ? box.checked : box.value;
  function put(box, props) {
    if (ticks(props)) box.checked = told(props); else box.value = told(props);
  }

  const field = (React) => class Field extends React.Component {
    constructor(props) {
      super(props);
      this.box = React.createRef();
    }

    componentDidMount() {
      said.set(this.box.current, this.props.given);
    }

    getSnapshotBeforeUpdate(before) {
      const box = this.box.current, here = document.activeElement === box;
      const text = here && !ticks(before.given) && box.tagName === "INPUT";
      return { here, typed: now(box, before.given) !== told(before.given), from: text ? box.selectionStart : null, to: text ? box.selectionEnd : null, all: text && box.selectionEnd - box.selectionStart === box.value.length };
    }

    componentDidUpdate(before, _state, { here, typed, from, to, all }) {
      const box = this.box.current, { given } = this.props;
      said.set(box, given);
      if (told(before.given) === told(given) || (here && typed)) return;
      put(box, given);
      if (from !== null) box.setSelectionRange(all ? 0 : from, all ? box.value.length : to);
    }

    render() {
      const { tag, given, children } = this.props, kept = attributes(given);
      const first = ticks(given) ? { defaultChecked: told(given) } : { defaultValue: told(given) };
      delete kept.checked;
      if (!ticks(given)) delete kept.value;
      return React.createElement(tag, { ...kept, ...first, ref: this.box }, ...(tag === "select" ? list(children) : []));
    }
  };

  // A figure: drawn again where it is another one or its room is.
  const chart = (React) => class Chart extends React.Component {
    constructor(props) {
      super(props);
      this.slot = React.createRef();
    }

    componentDidMount() {
      const slot = this.slot.current;
      if (!window.Plotly) return;
      this.plot();
      slot.on("plotly_click", (clicked) => this.open(clicked));
      window.finance.hover(slot);
      this.watch = new ResizeObserver(() => {
        if (slot.offsetWidth && (slot.offsetWidth !== this.width || slot.offsetHeight !== this.height)) { this.measure(); Plotly.Plots.resize(slot); }
      });
      this.watch.observe(slot);
    }

    componentDidUpdate() {
      if (window.Plotly) this.plot();
    }

    componentWillUnmount() {
      if (this.watch) this.watch.disconnect();
      if (window.Plotly) Plotly.purge(this.slot.current);
    }

    measure() {
      this.width = this.slot.current.offsetWidth;
      this.height = this.slot.current.offsetHeight;
    }

    plot() {
      const { figure, config } = this.props, text = JSON.stringify(figure);
      if (text === this.text) return;
      this.text = text;
      this.measure();
      // Plotly writes into what it is given; the tree stays as the server sent it.
      const { data, layout } = JSON.parse(text);
      Plotly.react(this.slot.current, data, layout, config);
    }

    open({ points }) {
      // Of a pie Plotly says the data of all the rows that a slice is made of, of a bar those of its one.
      let href = points[0] && points[0].customdata;
      while (Array.isArray(href)) [href] = href;
      if (typeof href === "string" && /^\/(?!\/)/.test(href)) window.finance.go(href);
    }

    render() {
      const { id, style } = this.props;
      return React.createElement("div", { id, style, className: "dash-graph" },
        React.createElement("div", { ref: this.slot, className: "js-plotly-plot", style: { height: "100%", width: "100%" } }));
    }
  };

  function Tree({ node, part, setProps, dashRenderType, loading_state, ...own }) {
    // A part is of the tree it was said of: the next one comes without it.
    const at = React.useRef({});
    if (at.current.node !== node) at.current = { node, before: part };
    const now = part && part !== at.current.before ? part : null;
    React.useLayoutEffect(() => { window.finance.drew(own.id); }, [node, part]);
    return React.createElement("div", attributes(own), ...drawn(node, now));
  }

  window.finance = Object.assign(window.finance || {}, {
    Tree,
    // Puts fields back to what the server said last.
    reset: (fields) => { for (const box of fields) if (said.has(box)) put(box, said.get(box)); },
  });
})();
