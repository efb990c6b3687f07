using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.ClosedCaptions;

/// <summary>
/// Finds out which closed captions (CEA-608, CEA-708) lie in the pictures of video, by reading some at the start, at a third, and at two thirds
/// of each track: manifests must say that they are there, or players hide them.
/// </summary>
internal static class CaptionProbe
{
    private const int Places = 3;

    /// <summary>Bytes: messages are in front of the picture.</summary>
    private const int BytesOfEach = 4096;

    private const int MaxBytesAtEach = 512 * 1024;

    /// <summary>The presentation, whose video tracks say what captions they carry.</summary>
    public static async Task<Presentation> DetectAsync(IAssetStore store, Presentation presentation, CancellationToken cancellation)
    {
        Track[] tracks = await Task.WhenAll(presentation.Tracks.Select(track => IsPossible(track)
            ? DetectAsync(store, presentation.Files, track, cancellation)
            : Task.FromResult(track))).ConfigureAwait(false);
        return presentation with { Tracks = tracks };
    }

    private static bool IsPossible(Track track) => track.Kind == TrackKind.Video && CaptionMessages.IsPossible(track.Descriptions[0].Codec);

    private static async Task<Track> DetectAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, Track track, CancellationToken cancellation)
    {
        var services = new CaptionServices();
        CodecInfo codec = track.Descriptions[0].Codec;
        try
        {
            for (int place = 0; place < Places; place++)
            {
                int first = (int)((long)track.Samples.Count * place / Places);
                foreach (byte[] picture in await ReadAsync(store, files, track, first, cancellation).ConfigureAwait(false))
                {
                    CaptionMessages.Read(picture, codec, services);
                }

                services.EndPacket();
            }
        }
        catch (PackagingException)
        {
            // The transfer will read the same bytes, and says what is wrong with them.
            return track;
        }

        // Room for captions that nobody uses yet: what comes later is most likely in the first channel.
        IReadOnlyList<string> names = services.GetNames();
        return services.IsCarried ? track with { ClosedCaptions = names.Count > 0 ? names : ["CC1"] } : track;
    }

    /// <summary>Pictures that lie behind each other in one file, in the order in which they are shown.</summary>
    private static async Task<List<byte[]>> ReadAsync(
        IAssetStore store, IReadOnlyList<AssetFile> files, Track track, int first, CancellationToken cancellation)
    {
        SampleCursor sample = track.Samples.GetCursor(first);
        (int file, long start) = (sample.File, sample.Offset);
        using IByteSource source = await store.OpenAsync(files[file].Path, cancellation).ConfigureAwait(false);
        var bytes = new byte[(int)Math.Max(0, Math.Min(MaxBytesAtEach, source.Length - start))];
        int count = await source.ReadAsync(start, bytes, 0, bytes.Length, cancellation).ConfigureAwait(false);
        List<(long Time, byte[] Bytes)> pictures = [];
        for (; !sample.IsEnd && sample.File == file && sample.Offset >= start && sample.Offset < start + count; sample.MoveNext())
        {
            int at = (int)(sample.Offset - start);
            var picture = new byte[(int)Math.Min(sample.Size, Math.Min(BytesOfEach, count - at))];
            Buffer.BlockCopy(bytes, at, picture, 0, picture.Length);
            pictures.Add((sample.CompositionTime, picture));
        }

        return [.. pictures.OrderBy(picture => picture.Time).Select(picture => picture.Bytes)];
    }
}
