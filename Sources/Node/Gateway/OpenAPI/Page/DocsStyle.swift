extension DocsPage {
  static let style = #"""
    :root {
      color-scheme: light dark;
      --page: #ffffff; --panel: #f5f6f8; --line: #d9dde3; --text: #1a1f27; --quiet: #5a6472;
      --accent: #0b5fbf; --get: #0b6e4f; --post: #8a4b00; --patch: #6b3fa0; --delete: #b3261e;
      --code: "SFMono-Regular", Consolas, "Liberation Mono", Menlo, monospace;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #12161c; --panel: #1b2129; --line: #323b47; --text: #e6e9ee; --quiet: #9ea9b8;
        --accent: #7ab7ff; --get: #5fd0a4; --post: #f0b35b; --patch: #c3a3f5; --delete: #ff8f87;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--page); color: var(--text);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    }
    a { color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
    .hidden, .skip:not(:focus) {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    }
    .skip { position: fixed; z-index: 3; top: 8px; left: 8px; padding: 6px 12px; background: var(--page); }

    header {
      position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 8px 24px;
      align-items: center; justify-content: space-between; padding: 10px 24px;
      background: var(--page); border-bottom: 1px solid var(--line);
    }
    .title { display: flex; align-items: baseline; gap: 12px; flex-wrap: wrap; }
    h1 { margin: 0; font-size: 18px; }
    #version { color: var(--quiet); }
    .token { flex: 0 1 420px; }
    .token label { display: flex; align-items: center; gap: 8px; }
    .token span { color: var(--quiet); font-size: 13px; }

    input, select, textarea, button {
      font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line);
      border-radius: 6px; padding: 5px 9px; min-width: 0;
    }
    input, textarea { width: 100%; }
    textarea { font: 13px/1.5 var(--code); min-height: 9em; resize: vertical; }
    ::placeholder { color: var(--quiet); opacity: 1; }
    button { background: var(--accent); color: var(--page); border-color: var(--accent); cursor: pointer; padding: 5px 16px; }
    button:disabled { opacity: .5; cursor: default; }

    .columns { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 32px; max-width: 1320px; padding: 0 24px; }
    nav { position: sticky; top: 56px; align-self: start; max-height: calc(100vh - 56px); overflow-y: auto; padding: 20px 4px 20px 2px; }
    nav h2 { margin: 16px 0 2px; font-size: 12px; color: var(--quiet); text-transform: uppercase; letter-spacing: .04em; }
    nav ul { list-style: none; margin: 0; padding: 0; }
    nav li a { display: block; padding: 2px 0; color: inherit; text-decoration: none; font-size: 14px; }
    nav li a:hover { color: var(--accent); }
    main { padding: 20px 0 80px; outline: none; }
    main > p { max-width: 75ch; }
    section h2 { margin: 32px 0 0; font-size: 20px; }
    section > p { margin: 2px 0 12px; color: var(--quiet); }

    details.operation { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; scroll-margin-top: 70px; }
    details.operation > summary {
      display: grid; grid-template-columns: 64px minmax(0, 1fr) auto; gap: 2px 10px; align-items: baseline;
      padding: 9px 14px; cursor: pointer; list-style: none; border-radius: 8px;
    }
    details.operation > summary::-webkit-details-marker { display: none; }
    details.operation[open] > summary { background: var(--panel); border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; }
    details.operation > summary:hover { background: var(--panel); }
    .path { font: 14px/1.4 var(--code); overflow-wrap: anywhere; }
    .words { grid-column: 2; color: var(--quiet); font-size: 14px; }
    .method { font: 600 12px/1.4 var(--code); color: var(--quiet); }
    .get { color: var(--get); } .post { color: var(--post); } .patch, .put { color: var(--patch); } .delete { color: var(--delete); }
    .needs { font-size: 12px; color: var(--quiet); border: 1px solid var(--line); border-radius: 99px; padding: 0 9px; white-space: nowrap; }
    .inside { padding: 6px 16px 16px; }
    .inside h3 { margin: 20px 0 6px; font-size: 14px; }
    code { font: 13px/1.5 var(--code); overflow-wrap: anywhere; }
    pre {
      margin: 6px 0; padding: 10px 12px; max-height: 420px; overflow: auto; background: var(--panel);
      border: 1px solid var(--line); border-radius: 6px; font: 13px/1.5 var(--code);
    }
    .quiet { color: var(--quiet); }
    .type { color: var(--quiet); font-size: 13px; overflow-wrap: anywhere; }
    .required { color: var(--delete); font-size: 12px; }

    dl.fields { margin: 0; }
    dl.fields > div { padding: 5px 0; border-top: 1px solid var(--line); }
    dl.fields > div:first-child { border-top: 0; }
    dl.fields dt { display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; }
    dl.fields dd { margin: 0; font-size: 14px; }
    details.inner { margin: 4px 0; }
    details.inner > summary { cursor: pointer; font-size: 14px; }
    details.inner > :not(summary) { margin-left: 12px; }
    .status { font: 600 13px/1.4 var(--code); }

    details form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; background: var(--panel); border-radius: 8px; padding: 12px; margin-top: 6px; }
    .inputs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(230px, 100%), 1fr)); gap: 8px 14px; }
    .inputs label, details form > label { display: grid; gap: 2px; font-size: 13px; }
    .send { display: flex; gap: 12px; align-items: center; flex-wrap: wrap; }

    @media (max-width: 760px) {
      header { position: static; padding: 10px 14px; }
      .token { flex-basis: 100%; }
      .columns { display: block; padding: 0 14px; }
      nav { position: static; max-height: none; padding: 14px 0 0; }
      #index { display: none; }
      main { padding-top: 4px; }
      details.operation > summary { grid-template-columns: 54px minmax(0, 1fr); padding: 9px 10px; }
      .needs { grid-column: 2; justify-self: start; }
      .inside { padding: 4px 10px 12px; }
      details.operation { scroll-margin-top: 8px; }
    }

    """#
}
