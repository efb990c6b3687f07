// Every packet of media files as mediabunny sees it, in decode order: [{ tracks: [{ id, codec, packets: [[timestamp µs, bytes, isKey]] }] }].
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';

async function readPackets(track) {
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    packets.push([packet.timestamp * 1e6, packet.byteLength, packet.type === 'key']);
  }
  return { id: track.id, codec: await track.getCodecParameterString(), packets };
}

export default async function readFiles(...paths) {
  const files = [];
  for (const path of paths) {
    const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) });
    files.push({ tracks: await Promise.all((await input.getTracks()).map(readPackets)) });
  }
  return files;
}
