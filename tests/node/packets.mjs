// Prints every packet of a media file as mediabunny sees it: { tracks: [{ type, codec, packets: [[timestamp µs, duration µs, bytes, isKey]] }] }.
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';

const input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(process.argv[2]) });
const tracks = [];
for (const track of await input.getTracks()) {
  const packets = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    packets.push([Math.round(packet.timestamp * 1e6), Math.round(packet.duration * 1e6), packet.byteLength, packet.type === 'key']);
  }
  tracks.push({ type: track.type, codec: await track.getCodecParameterString(), packets });
}
console.log(JSON.stringify({ tracks }));
