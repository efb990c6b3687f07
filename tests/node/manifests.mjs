// Reads a multivariant playlist with everything that it names (hls-parser) and an MPD (mpd-parser):
// { variants: [{ bandwidth, codecs, width, height, audio }], playlists: { uri: { targetDuration, duration, segments } }, dash: { duration, playlists } }.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import HLS from 'hls-parser';
import { parse as parseMpd } from 'mpd-parser';

const [masterPath, mpdPath] = process.argv.slice(2);
HLS.setOptions({ strictMode: true });
const read = path => readFileSync(path, 'utf8');
const master = HLS.parse(read(masterPath));
const playlists = {};
const open = uri => {
  const playlist = HLS.parse(read(join(dirname(masterPath), decodeURIComponent(uri))));
  playlists[uri] = {
    targetDuration: playlist.targetDuration,
    duration: playlist.segments.reduce((sum, segment) => sum + segment.duration, 0),
    segments: playlist.segments.length,
    isIFrame: playlist.isIFrame,
  };
};
for (const variant of master.variants) {
  open(variant.uri);
  variant.audio.filter(audio => audio.uri).forEach(audio => open(audio.uri));
}
const mpd = parseMpd(read(mpdPath), { manifestUri: 'http://localhost/' });
console.log(JSON.stringify({
  variants: master.variants.filter(variant => !variant.isIFrameOnly).map(variant => ({
    uri: variant.uri, bandwidth: variant.bandwidth, codecs: variant.codecs, width: variant.resolution?.width, height: variant.resolution?.height,
    frameRate: variant.frameRate, audio: variant.audio.map(audio => ({ name: audio.name, language: audio.language, isDefault: audio.isDefault })),
  })),
  playlists,
  dash: { duration: mpd.duration, playlists: mpd.playlists.length, audio: Object.keys(mpd.mediaGroups.AUDIO.audio ?? {}) },
}));
