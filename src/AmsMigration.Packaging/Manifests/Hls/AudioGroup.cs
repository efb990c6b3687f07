using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>
/// Audio renditions that a player may choose from by language and role (RFC 8216bis 4.4.6.2): same codec and channels, one bit rate of each.
/// </summary>
internal sealed class AudioGroup
{
    private AudioGroup(string id, IReadOnlyList<Rendition> renditions)
    {
        Id = id;
        Renditions = renditions;
        Default = renditions.FirstOrDefault(r => r.Track.IsDefault && !IsDescription(r)) ?? renditions.FirstOrDefault(r => !IsDescription(r)) ?? renditions[0];
        Names = MakeNames(renditions);
    }

    public string Id { get; }

    public IReadOnlyList<Rendition> Renditions { get; }

    /// <summary>The one that plays when the user has said nothing.</summary>
    public Rendition Default { get; }

    /// <summary>NAME of each, unique in the group.</summary>
    public IReadOnlyList<string> Names { get; }

    public IEnumerable<string> Codecs => Renditions.SelectMany(r => r.Track.Descriptions.Select(d => d.Codec.CodecString)).Distinct();

    public long PeakBandwidth => Renditions.Max(r => r.PeakBandwidth);

    public long AverageBandwidth => Renditions.Max(r => r.AverageBandwidth);

    public static IReadOnlyList<AudioGroup> Of(IEnumerable<Rendition> renditions)
    {
        List<AudioGroup> groups = [];
        foreach (IGrouping<(string Family, string? Channels), Rendition> kind in renditions
            .Where(r => r.Track.Kind == TrackKind.Audio)
            .GroupBy(r => (r.Track.Descriptions[0].Codec.Family, r.Track.Descriptions[0].Codec.HlsChannels)))
        {
            // The n-th best of each language and role make one group, so that every group has them all as far as they go.
            List<List<Rendition>> choices =
            [
                .. kind.GroupBy(r => (r.Track.Language, r.Track.Label, string.Join(",", r.Track.Roles)))
                    .Select(choice => choice.OrderByDescending(r => r.AverageBandwidth).ToList()),
            ];
            string id = $"audio-{kind.Key.Family}-{new string([.. (kind.Key.Channels ?? "").Where(char.IsLetterOrDigit)])}";
            for (int rank = 0; rank < choices.Max(choice => choice.Count); rank++)
            {
                List<Rendition> members = [.. choices.Where(choice => choice.Count > rank).Select(choice => choice[rank])];
                groups.Add(new AudioGroup(rank == 0 ? id : $"{id}-{rank + 1}", members));
            }
        }

        return groups;
    }

    public static bool IsDescription(Rendition rendition) => rendition.Track.Roles.Contains("description");

    private static List<string> MakeNames(IReadOnlyList<Rendition> renditions)
    {
        List<string> names = [];
        foreach (Rendition rendition in renditions)
        {
            Track track = rendition.Track;
            string wanted = track.Label ?? track.Language ?? track.Name;
            string name = wanted;
            for (int i = 2; names.Contains(name); i++)
            {
                name = $"{wanted} {i}";
            }

            names.Add(name);
        }

        return names;
    }
}
