using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Verification;

/// <summary>Checks an I-frame playlist (RFC 8216bis 4.4.3.6): each entry is a fragment's header and the sync sample that it starts with.</summary>
internal sealed class IFrameCheck(OutputFiles files, PlaylistFiles playlists, Findings findings)
{
    /// <summary>Bytes of the mdat's header in front of the sample.</summary>
    private const int MediaHeaderLength = 8;

    public async Task CheckAsync(string playlistPath, IReadOnlyList<CheckedRendition> renditions, CancellationToken cancellation)
    {
        if (await playlists.ReadAsync(playlistPath, cancellation).ConfigureAwait(false) is not HlsPlaylist playlist)
        {
            return;
        }

        List<MediaPart> frames = [.. playlist.Segments.Select(resource => playlists.Locate(playlistPath, resource)).OfType<MediaPart>()];
        MediaPart? map = playlist.Maps.Count == 1 ? playlists.Locate(playlistPath, playlist.Maps[0]) : null;
        if (renditions.FirstOrDefault(rendition => rendition.Parts[0] == map) is not CheckedRendition rendition)
        {
            findings.Add("IncompletePlaylist", playlistPath, "no media playlist has the same initialization segment");
            return;
        }

        Dictionary<(string Path, long End), uint> sizes = SizesBySyncSampleEnd(rendition);
        foreach (MediaPart frame in frames)
        {
            using var source = new PartsSource(files, [frame]);
            TopLevelBox? box = await new TopLevelScanner(source).ReadAsync(0, cancellation).ConfigureAwait(false);
            if (box is not { Type: "moof" }
                || !sizes.TryGetValue((frame.Path, frame.Offset + frame.Length), out uint size)
                || box.Value.Length + MediaHeaderLength + size != frame.Length)
            {
                findings.Add("IFrameRange", playlistPath, $"{frame} are not a fragment's header and its first sample, which can be shown alone");
            }
        }
    }

    /// <summary>Where in its file each sync sample ends, and its size.</summary>
    private static Dictionary<(string Path, long End), uint> SizesBySyncSampleEnd(CheckedRendition rendition)
    {
        Dictionary<(string Path, long End), uint> sizes = [];
        int part = 1;
        for (SampleCursor sample = rendition.Track.Samples.GetCursor(); !sample.IsEnd; sample.MoveNext())
        {
            // What lies where the next part begins is an empty sample of this one: that begins with a header.
            while (part + 1 < rendition.Parts.Count && sample.Offset > rendition.Source.StartOf(part + 1))
            {
                part++;
            }

            if (sample.IsSync)
            {
                MediaPart place = rendition.Parts[part];
                sizes[(place.Path, place.Offset + sample.Offset + sample.Size - rendition.Source.StartOf(part))] = sample.Size;
            }
        }

        return sizes;
    }
}
