using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>
/// The events of a sparse track (Azure Media Services, "Signaling Timed Metadata in Live Streaming", 2.2): of its blobs, and of the client manifest where
/// that has what no blob does.
/// </summary>
internal sealed class SparseTrack(IAssetStore store, IReadOnlyList<AssetFile> files, ClientStream stream, TrackFolder? folder)
{
    /// <summary>A message has some hundred bytes.</summary>
    private const int MaxBlobLength = 64 * 1024;

    private const int MaxEvents = 100_000;

    /// <summary>Of a splice_info_section (SCTE 35 9.6.1).</summary>
    private const byte SpliceTableId = 0xFC;

    /// <summary>Sparse tracks are text of the subtype DATA with a scheme.</summary>
    public static bool Is(ClientStream stream) =>
        stream.Type == "text" && (stream.Scheme is not null || string.Equals(stream.Subtype, "DATA", StringComparison.OrdinalIgnoreCase));

    /// <summary>By time; repetitions of one event count once, the last of them.</summary>
    public async Task<IReadOnlyList<TimedEvent>> ReadAsync(List<PackagingWarning> warnings, CancellationToken cancellation)
    {
        var events = new Dictionary<(long, uint?), TimedEvent>();
        foreach (ChunkRun run in stream.Chunks.Where(run => run.Payload is not null))
        {
            events[(run.Time, null)] = Of(run.Time, run.Duration, null, run.Payload!);
        }

        foreach ((long name, int file) in folder?.Fragments.Take(MaxEvents) ?? [])
        {
            try
            {
                if (await ReadBlobAsync(files[file], name, cancellation).ConfigureAwait(false) is TimedEvent found)
                {
                    events.Remove((name, null));
                    events[(found.Time, found.Id)] = found;
                }
            }
            catch (PackagingException e)
            {
                warnings.Add(new PackagingWarning(e.Code, e.Message));
            }
        }

        return [.. events.Values.OrderBy(found => found.Time)];
    }

    private TimedEvent Of(long time, long duration, uint? id, byte[] message) =>
        new(stream.Scheme ?? "urn:scte:scte35:2013:bin", stream.Name, time, duration, stream.Timescale, id, message);

    /// <summary>Null where it has no message.</summary>
    private async Task<TimedEvent?> ReadBlobAsync(AssetFile file, long name, CancellationToken cancellation)
    {
        if (file.Length > MaxBlobLength)
        {
            throw new PackagingException("OversizedBox", $"an event has {file.Length} bytes; expected at most {MaxBlobLength}", file.Path);
        }

        using IByteSource source = await store.OpenAsync(file.Path, cancellation).ConfigureAwait(false);
        var scanner = new TopLevelScanner(source);
        (long time, long duration) = (name, 0L);
        for (long offset = 0; await scanner.ReadAsync(offset, cancellation).ConfigureAwait(false) is TopLevelBox box; offset = box.End)
        {
            if (box.IsTruncated || box.Type is not ("moof" or "mdat"))
            {
                continue;
            }

            BoxReader reader = BoxReader.Open(await scanner.ReadBytesAsync(box, MaxBlobLength, cancellation).ConfigureAwait(false), file.Path, box.Offset);
            if (box.Type == "mdat")
            {
                return ReadMessage(reader, time, duration);
            }

            (time, duration) = SmoothTime.Read(reader.Find("traf"), isFirst: false) ?? (time, duration);
        }

        return null;
    }

    /// <summary>version, id, presentation_time_delta and the message; some wrote the message alone.</summary>
    private TimedEvent? ReadMessage(BoxReader mdat, long time, long duration)
    {
        const int HeaderLength = 12;
        const uint Version = 1;
        byte[] content = mdat.Bytes(mdat.Remaining);
        if (content.Length == 0)
        {
            return null;
        }

        bool isBare = content.Length < HeaderLength || content[0] == SpliceTableId || content[0] == '<';
        if (isBare)
        {
            return Of(time, duration, null, content);
        }

        var header = new uint[3];
        for (int i = 0; i < HeaderLength; i++)
        {
            header[i / 4] = (header[i / 4] << 8) | content[i];
        }

        return header[0] == Version
            ? Of(checked(time + header[2]), duration, header[1], [.. content.Skip(HeaderLength)])
            : null;
    }
}
