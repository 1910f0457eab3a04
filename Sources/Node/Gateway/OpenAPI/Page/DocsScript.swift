extension DocsPage {
  static let script = #"""
    'use strict';

    let api;

    /** An element; attributes that are functions listen. What is shown is always text, never markup. */
    function el(name, attributes, ...children) {
      const element = document.createElement(name);
      for (const [key, value] of Object.entries(attributes ?? {})) {
        if (typeof value === 'function') element.addEventListener(key, value);
        else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
      }
      element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== ''));
      return element;
    }

    /** Text with `code` in it. */
    function words(text) {
      return (text ?? '').split('`').map((part, place) => place % 2 ? el('code', null, part) : part);
    }

    /** The object that is meant, by a reference or itself. */
    function resolve(value) {
      if (!value?.$ref) return value;
      return value.$ref.split('/').slice(1).reduce((place, name) => place[name], api);
    }

    const nameOf = (schema) => schema?.$ref?.split('/').pop();
    const pretty = (value) => typeof value === 'string' ? value : JSON.stringify(value, null, 2);

    /** Builds what is inside only when it is opened. */
    function later(details, build) {
      details.addEventListener('toggle', () => details.append(...build()), { once: true });
      return details;
    }

    // Schemas

    /** A schema in a few words. */
    function type(schema) {
      const name = nameOf(schema);
      if (name) return name;
      const options = schema.oneOf ?? schema.anyOf;
      if (options) return options.map(type).join(' or ');
      if (schema.enum) return schema.enum.filter((word) => word !== null).join(' · ');
      const types = [schema.type ?? 'bytes'].flat();
      if (types.includes('array')) return `list of ${type(schema.items)}`;
      const limits = [];
      if (schema.format) limits.push(schema.format);
      if (schema.pattern) limits.push(schema.pattern);
      if (schema.minimum !== undefined || schema.maximum !== undefined) {
        // What is beyond a double's whole numbers cannot be shown exactly.
        const most = Number.isSafeInteger(schema.maximum) ? schema.maximum : '';
        limits.push(`${schema.minimum ?? ''}…${most}`);
      }
      if (schema.maxLength) limits.push(`up to ${schema.maxLength} characters`);
      return types.join(' or ') + (limits.length ? ` (${limits.join(', ')})` : '');
    }

    /** The object within a schema, if there is one to show. */
    function objectIn(schema) {
      const target = resolve(schema);
      if (target?.properties) return target;
      if (target?.items) return objectIn(target.items);
      for (const option of target?.oneOf ?? target?.anyOf ?? []) {
        const found = objectIn(option);
        if (found) return found;
      }
    }

    function fields(object) {
      return el('dl', { class: 'fields' }, Object.entries(object.properties).map(([name, schema]) => {
        const inner = objectIn(schema);
        return el('div', null,
          el('dt', null, el('code', null, name), el('span', { class: 'type' }, type(schema)),
            object.required?.includes(name) ? el('span', { class: 'required' }, 'required') : ''),
          el('dd', null, words(schema.description),
            inner ? later(el('details', { class: 'inner' }, el('summary', null, 'fields')), () => [fields(inner)]) : ''));
      }));
    }

    function contents(content) {
      return Object.entries(content ?? {}).flatMap(([mediaType, { schema, example }]) => {
        const options = resolve(schema)?.oneOf ?? [schema];
        const objects = options.map((option) => [option, objectIn(option)]).filter(([, object]) => object);
        return [
          el('p', null, el('code', null, mediaType), ' ', el('span', { class: 'type' }, type(schema))),
          ...objects.map(([option, object]) => later(
            el('details', { class: 'inner' }, el('summary', null, `Fields of ${nameOf(option) ?? 'the object'}`)),
            () => [fields(object)])),
          example === undefined ? '' : later(
            el('details', { class: 'inner' }, el('summary', null, 'Example')),
            () => [el('pre', { tabindex: 0 }, pretty(example))]),
        ];
      });
    }

    // Operations

    function operationView(operation) {
      const parameters = (operation.parameters ?? []).map(resolve);
      const body = operation.requestBody;
      return el('div', { class: 'inside' },
        operation.description ? el('p', null, words(operation.description)) : '',
        parameters.length ? [el('h3', null, 'Parameters'), el('dl', { class: 'fields' }, parameters.map((parameter) =>
          el('div', null,
            el('dt', null, el('code', null, parameter.name), el('span', { class: 'type' }, `${parameter.in}, ${type(parameter.schema)}`),
              parameter.required ? el('span', { class: 'required' }, 'required') : ''),
            el('dd', null, words(parameter.description)))))] : [],
        body ? [el('h3', null, 'Body'), body.description ? el('p', null, words(body.description)) : '', contents(body.content)] : [],
        el('h3', null, 'Answers'),
        Object.entries(operation.responses).map(([status, answer]) => later(
          el('details', { class: 'inner' },
            el('summary', null, el('span', { class: 'status' }, status), ' ', words(answer.description))),
          () => [
            ...contents(answer.content),
            el('p', { class: 'type' }, `Headers: ${Object.keys(answer.headers ?? {}).join(', ') || 'none'}`),
          ])),
        el('h3', null, 'Try it'), tryIt(operation, parameters));
    }

    /** A form that makes the call. */
    function tryIt(operation, parameters) {
      const inputs = parameters.map((parameter) => {
        const required = Boolean(parameter.required);
        const choices = parameter.schema.enum;
        const input = choices
          ? el('select', null, el('option', { value: '' }, ''), choices.map((word) => el('option', null, word)))
          : el('input', { required, spellcheck: 'false', autocomplete: 'off' });
        return { parameter, input };
      });
      // What is typed here is a body, and not the part of one.
      const media = Object.keys(operation.requestBody?.content ?? {}).filter((name) => !name.startsWith('multipart/'));
      const kind = el('select', null, media.map((name) => el('option', null, name)));
      const text = el('textarea', { spellcheck: 'false' });
      const fill = () => { text.value = pretty(operation.requestBody.content[kind.value].example ?? ''); };
      if (media.length) { fill(); kind.addEventListener('change', fill); }
      const output = el('div', { 'aria-live': 'polite' });
      const button = el('button', null, 'Send');
      const send = async (event) => {
        event.preventDefault();
        button.disabled = true;
        output.replaceChildren(...await call(operation, inputs, media.length ? { kind: kind.value, text: text.value } : undefined));
        button.disabled = false;
      };
      return el('form', { submit: send },
        inputs.length ? el('div', { class: 'inputs' }, inputs.map(({ parameter, input }) =>
          el('label', null, parameter.name, input))) : '',
        media.length ? [el('label', null, 'Media type', kind), el('label', null, 'Body', text)] : [],
        el('div', { class: 'send' }, button,
          operation['x-permission'] === 'anyone' ? '' : el('span', { class: 'quiet' }, 'with the credential at the top of the page')),
        output);
    }

    async function call(operation, inputs, body) {
      const headers = {};
      const query = new URLSearchParams();
      let path = operation.path;
      for (const { parameter, input } of inputs) {
        if (input.value === '') continue;
        if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
        else if (parameter.in === 'query') query.set(parameter.name, input.value);
        else headers[parameter.name] = input.value;
      }
      const token = document.getElementById('token').value.trim();
      if (token && operation['x-permission'] !== 'anyone') headers.Authorization = `Bearer ${token}`;
      if (body?.text) headers['Content-Type'] = body.kind;
      const target = path + (query.size ? `?${query}` : '');
      const start = performance.now();
      try {
        const answer = await fetch(target, { method: operation.method, headers, body: body?.text || undefined, cache: 'no-store' });
        const received = await answer.text();
        const time = Math.round(performance.now() - start);
        let shown = received;
        try { shown = JSON.stringify(JSON.parse(received), null, 2); } catch { /* It is no JSON. */ }
        return [
          el('p', null, el('span', { class: 'status' }, `${answer.status} ${answer.statusText}`),
            el('span', { class: 'quiet' }, ` in ${time} ms, ${operation.method} ${target}`)),
          el('details', { class: 'inner' }, el('summary', null, 'Headers'),
            el('pre', null, [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n'))),
          shown ? el('pre', { tabindex: 0 }, shown) : '',
        ].filter((part) => part !== '');
      } catch (error) {
        return [el('p', { class: 'required' }, `The call failed: ${error.message}`)];
      }
    }

    // The page

    function operations() {
      return Object.entries(api.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })));
    }

    function chapter(tag, entries) {
      return el('section', null, el('h2', null, tag.name), el('p', null, words(tag.description)),
        entries.map((operation) => later(
          el('details', { class: 'operation', id: operation.operationId },
            el('summary', null,
              el('span', { class: `method ${operation.method.toLowerCase()}` }, operation.method),
              el('span', { class: 'path' }, operation.path),
              el('span', { class: 'needs', title: 'who may call' }, operation['x-permission']),
              el('span', { class: 'words' }, words(operation.summary)))),
          () => [operationView(operation)])));
    }

    /** Shows the operations that have all words of the filter. */
    function filter(all, text) {
      const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
      for (const operation of all) {
        const { method, path, operationId, summary } = operation;
        const said = [method, path, operationId, summary, operation['x-permission']].join(' ').toLowerCase();
        const isShown = wanted.every((word) => said.includes(word));
        document.getElementById(operation.operationId).hidden = !isShown;
        document.querySelector(`nav a[href="#${operation.operationId}"]`).parentElement.hidden = !isShown;
      }
      for (const part of document.querySelectorAll('main > section, #index > div')) {
        part.hidden = !part.querySelector('details.operation:not([hidden]), li:not([hidden])');
      }
    }

    /** Opens the operation that the address names. */
    function openNamed() {
      const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!named?.matches('details.operation')) return;
      named.open = true;
      named.scrollIntoView();
      named.querySelector('summary').focus({ preventScroll: true });
    }

    async function start() {
      const message = document.getElementById('message');
      try {
        const answer = await fetch('/openapi.json');
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        api = await answer.json();
      } catch (error) {
        message.textContent = `The document could not be read: ${error.message}`;
        return;
      }
      message.remove();
      document.getElementById('version').textContent = api.info.version;
      document.getElementById('introduction').append(...words(api.info.description));
      const all = operations();
      const main = document.getElementById('main');
      const index = document.getElementById('index');
      for (const tag of api.tags) {
        const entries = all.filter((operation) => operation.tags.includes(tag.name));
        if (!entries.length) continue;
        main.append(chapter(tag, entries));
        index.append(el('div', null, el('h2', null, tag.name), el('ul', null, entries.map((operation) =>
          el('li', null, el('a', { href: `#${operation.operationId}` }, operation.summary))))));
      }
      document.getElementById('credential').addEventListener('submit', (event) => event.preventDefault());
      const field = document.getElementById('filter');
      field.addEventListener('input', () => filter(all, field.value));
      document.addEventListener('keydown', (event) => {
        if (event.key !== '/' || event.target.closest('input, textarea, select')) return;
        event.preventDefault();
        field.focus();
      });
      addEventListener('hashchange', openNamed);
      openNamed();
    }

    start();

    """#
}
