// What hls-parser (strict) and mpd-parser understand of the manifests in a folder:
// { hls: { path: { targetDuration, isIFrame, segments: [{ uri, duration, offset, length }], variants: [...] } },
//   dash: { duration, languages: [...], representations: [{ name, codecs, bandwidth, indexUri, indexOffset, indexLength, segments }] } }.
// Paths are those in the folder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import HLS from 'hls-parser';
import { parse as parseMpd } from 'mpd-parser';

HLS.setOptions({ strictMode: true });

const describeSegment = segment => ({
  uri: segment.uri, duration: segment.duration, offset: segment.byterange?.offset ?? null, length: segment.byterange?.length ?? null,
});
const describeVariant = variant => ({
  uri: variant.uri, isIFrameOnly: variant.isIFrameOnly, frameRate: variant.frameRate ?? null, width: variant.resolution?.width ?? null,
  audio: variant.audio.map(audio => audio.name), subtitles: variant.subtitles.map(text => text.name),
});
const describeRepresentation = playlist => ({
  name: playlist.attributes.NAME, codecs: playlist.attributes.CODECS, bandwidth: playlist.attributes.BANDWIDTH,
  indexUri: playlist.sidx?.resolvedUri ?? null,
  indexOffset: playlist.sidx?.byterange.offset ?? null, indexLength: playlist.sidx?.byterange.length ?? null,
  segments: playlist.segments.map(segment => ({ uri: segment.resolvedUri, duration: segment.duration, offset: null, length: null })),
});

export default function readManifests(folder, mpdPath, ...playlistPaths) {
  const read = path => readFileSync(join(folder, path), 'utf8');
  const hls = Object.fromEntries(playlistPaths.map(path => {
    const playlist = HLS.parse(read(path));
    return [path, playlist.isMasterPlaylist
      ? { version: playlist.version, variants: playlist.variants.map(describeVariant), segments: [] }
      : {
        version: playlist.version, targetDuration: playlist.targetDuration, isIFrame: playlist.isIFrame, isEnded: playlist.endlist,
        mapUri: playlist.segments[0].map?.uri ?? null, variants: [], segments: playlist.segments.map(describeSegment),
      }];
  }));

  const mpd = parseMpd(read(mpdPath), { manifestUri: 'http://localhost/' });
  const videos = mpd.playlists.filter(playlist => playlist.attributes.RESOLUTION);
  const audio = Object.values(mpd.mediaGroups.AUDIO.audio ?? {});
  return {
    hls,
    dash: {
      duration: mpd.duration,
      languages: audio.map(group => group.language),
      representations: [...videos, ...audio.flatMap(group => group.playlists)].map(describeRepresentation),
    },
  };
}
