// Plays manifests in headless Chromium. One JSON request a line on standard input, one JSON answer a line on standard output, as they are done.
// usage: node play.mjs CHROMIUM
// request:  { id, player: "hls.js" | "shaka" | "dash.js", manifest: path, types: [MIME types with codecs that must be decodable], text?: language, places?: [seconds], thumbnails?: [seconds],
//             access?: { address, token } of a key service, root?: folder to serve in place of the manifest's own, brief?: play it once and no more, beginning?: not even that };
//           a manifest may be an http address, too
// answer:   { id, unsupported: [types] } or what page.js tells.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize, relative, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const pagesAtOnce = 6;
const secondsForOne = 400;
// Painting costs a machine without a graphics card more than decoding, and nobody looks.
const viewport = { width: 32, height: 32 };
const mimeTypes = {
  '.m3u8': 'application/vnd.apple.mpegurl', '.mpd': 'application/dash+xml', '.mp4': 'video/mp4', '.m4s': 'video/iso.segment', '.vtt': 'text/vtt',
  '.html': 'text/html', '.js': 'text/javascript',
};
const players = {
  'hls.js': ['hls.js/dist/hls.min.js'],
  'shaka': ['shaka-player/dist/shaka-player.compiled.js'],
  // The second is for Smooth Streaming.
  'dash.js': ['dashjs/dist/modern/umd/dash.all.min.js', 'dashjs/dist/modern/umd/dash.mss.min.js'],
};
const roots = [];

// The first part of a path is the number of a root: 0 for this folder, others for the folders of manifests.
function resolve(url) {
  const [number, ...parts] = decodeURIComponent(new URL(url, 'http://localhost').pathname).slice(1).split('/');
  const root = roots[Number(number)];
  const file = root && normalize(join(root, ...parts));
  return file && file.startsWith(root + sep) ? file : null;
}

function serve(request, response) {
  const file = resolve(request.url);
  let size;
  try {
    size = statSync(file).size;
  } catch {
    response.writeHead(404).end();
    return;
  }
  const headers = { 'Content-Type': mimeTypes[extname(file)] ?? mimeTypes[/format=(m3u8|mpd)/.exec(file)?.[0].replace('format=', '.')] ?? 'application/octet-stream', 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = Math.min(range?.[2] ? Number(range[2]) : size - 1, size - 1);
  if (range && start > end) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  response.writeHead(range ? 206 : 200, {
    ...headers, 'Content-Length': end - start + 1, ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  if (size === 0) {
    response.end();
    return;
  }
  createReadStream(file, { start, end }).pipe(response);
}

const server = createServer(serve);
await new Promise(done => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;
roots.push(import.meta.dirname);
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
    '--autoplay-policy=no-user-gesture-required',
  ],
});

function locate(manifest, folder) {
  const root = roots.push(folder) - 1;
  return [origin, root, ...relative(folder, manifest).split(sep).map(encodeURIComponent)].join('/');
}

// Pages whose player is loaded and has nothing to play: to open one takes as long as to play in it.
const idle = [];

async function openPage(player) {
  const i = idle.findIndex(page => page.player === player);
  if (i >= 0) {
    return idle.splice(i, 1)[0].page;
  }
  const page = await (await browser.newContext({ viewport })).newPage();
  await page.goto(`${origin}/0/page.html`);
  for (const script of players[player]) {
    await page.addScriptTag({ url: `/0/node_modules/${script}` });
  }
  return page;
}

async function keepPage(player, page) {
  idle.push({ player, page });
  if (idle.length > pagesAtOnce) {
    await idle.shift().page.context().close();
  }
}

async function answer({ id, player, manifest, types, text, places, thumbnails, access, root, brief, beginning }) {
  let page, limit;
  try {
    page = await openPage(player);
    // A page that hangs in a script of its own answers to nothing but being closed.
    limit = setTimeout(() => page.context().close(), 1000 * secondsForOne);
    const unsupported = await page.evaluate(all => all.filter(type => !MediaSource.isTypeSupported(type)), types);
    const uri = manifest.startsWith('http') ? manifest : locate(manifest, root ?? dirname(manifest));
    const result = unsupported.length > 0 ? { unsupported } : await page.evaluate(request => watch(request), { player, text, places, thumbnails, access, uri, brief, beginning });
    if (!result.errors?.length) {
      await keepPage(player, page);
      page = null;
    }
    return { id, ...result };
  } catch (error) {
    return { id, errors: [String(error)] };
  } finally {
    clearTimeout(limit);
    await page?.context().close();
  }
}

const waiting = [];
const running = new Set();
function next() {
  while (waiting.length > 0 && running.size < pagesAtOnce) {
    const task = answer(waiting.shift()).then(result => console.log(JSON.stringify(result))).finally(() => {
      running.delete(task);
      next();
    });
    running.add(task);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  waiting.push(JSON.parse(line));
  next();
}
while (running.size > 0) {
  await Promise.all(running);
}
await browser.close();
server.close();
