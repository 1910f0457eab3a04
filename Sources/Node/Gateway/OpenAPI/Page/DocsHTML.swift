extension DocsPage {
  static let html = #"""
    <!doctype html>
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Clean Cloud API</title>
      <link rel="stylesheet" href="/docs/style.css">
      <script src="/docs/script.js" defer></script>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the operations</a>
      <header>
        <div class="title">
          <h1>Clean Cloud API</h1>
          <span id="version"></span>
          <a href="/openapi.json">openapi.json</a>
        </div>
        <form class="token" id="credential">
          <label>
            <span>Credential</span>
            <input id="token" type="password" autocomplete="off" spellcheck="false"
              placeholder="access token, API key or admin token">
          </label>
        </form>
      </header>
      <div class="columns">
        <nav aria-label="Operations">
          <label class="filter">
            <span class="hidden">Filter the operations</span>
            <input id="filter" type="search" placeholder="Filter ( / )" spellcheck="false">
          </label>
          <div id="index"></div>
        </nav>
        <main id="main" tabindex="-1">
          <p id="introduction"></p>
          <p id="message" role="status">Reading the document…</p>
          <noscript><p>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> does not.</p></noscript>
        </main>
      </div>
    </body>
    </html>

    """#
}
