using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Protection.Reading;

/// <summary>Keeps the encrypted tracks whose keys are there, and leaves the others out.</summary>
internal static class EncryptedTracks
{
    public static AssetContent Select(AssetContent content, IReadOnlyList<ContentKey> keys)
    {
        List<LeftOutTrack> leftOut = [.. content.LeftOut];
        List<Presentation> presentations = [];
        foreach (Presentation presentation in content.Presentations)
        {
            List<Track> open = [];
            foreach (Track track in presentation.Tracks)
            {
                Guid[] missing = [.. track.KeyIds.Where(id => DecryptingSource.FindKey(keys, id) is null)];
                if (missing.Length == 0)
                {
                    open.Add(track);
                    continue;
                }

                string scheme = track.Encrypted.Values.SelectMany(ranges => ranges).First().Encryption.Scheme;
                string reason = $"it is protected with {Codecs.ProtectedEntry.Describe(scheme)}, and the key is not known: {string.Join(", ", missing)}.";
                leftOut.Add(new LeftOutTrack(track.SourceFile, track.SourceTrackId, track.Descriptions[0].Codec.Name, reason, IsMedia: true) { MissingKeyIds = missing });
            }

            if (open.Count == presentation.Tracks.Count)
            {
                presentations.Add(presentation);
            }
            else if (open.Count > 0)
            {
                presentations.Add(presentation with { Tracks = open });
            }
        }

        return content with { Presentations = presentations, LeftOut = [.. leftOut.Distinct()] };
    }
}
