using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Manifests.Hls;

/// <summary>
/// Audio that a player may choose from by language and role (RFC 8216bis 4.4.6.1.1): of one codec, channel layout and bit rate.
/// </summary>
internal sealed class AudioGroup
{
    private AudioGroup(string id, IReadOnlyList<AudioGroupMember> members)
    {
        Id = id;
        Members = members;
    }

    public string Id { get; }

    /// <summary>The one that plays when the user has said nothing comes first.</summary>
    public IReadOnlyList<AudioGroupMember> Members { get; }

    public IEnumerable<string> Codecs =>
        Members.SelectMany(m => m.Rendition.Track.Descriptions.Select(d => d.Codec.CodecString)).Distinct();

    /// <summary>0 for what every player decodes; see <see cref="CodecReach"/>.</summary>
    public int Reach => Members.Max(m => CodecReach.Of(m.Rendition));

    public long PeakBandwidth => Members.Max(m => m.Rendition.PeakBandwidth);

    public long AverageBandwidth => Members.Max(m => m.Rendition.AverageBandwidth);

    /// <summary>
    /// One group for each codec, channel layout and bit rate. All have the same members by name, as RFC 8216bis 4.4.6.1.1 wants: a choice
    /// that does not exist in a group's codec is borrowed from one that at least as many players decode; where there is none it stays away, so
    /// that the group still plays wherever its own codec does. Where borrowing makes two groups alike (one language in mono, another in stereo), one of
    /// them is enough: each more would double the variants.
    /// </summary>
    public static IReadOnlyList<AudioGroup> Of(IEnumerable<Rendition> renditions)
    {
        List<Encoding> encodings =
        [
            .. renditions
                .Where(r => r.Track.Kind == TrackKind.Audio)
                .GroupBy(r => (r.Track.Descriptions[0].Codec.Family, r.Track.Descriptions[0].Codec.HlsChannels))
                .Select(e => new Encoding(e.Key.Family, e.Key.HlsChannels, [.. e])),
        ];
        List<Choice> choices = InOrder([.. encodings.SelectMany(e => e.BitRates.Keys).Distinct()], encodings);
        List<string> names = MakeNames(choices, encodings);
        List<AudioGroup> groups = [];
        foreach (Encoding encoding in encodings)
        {
            string id = $"audio-{encoding.Family}-{new string([.. (encoding.Channels ?? "").Where(char.IsLetterOrDigit)])}".TrimEnd('-');
            for (int rank = 0; rank < encoding.BitRates.Values.Max(rates => rates.Count); rank++)
            {
                var group = new AudioGroup(rank == 0 ? id : $"{id}-{rank + 1}", Fill(encoding, rank));
                if (!groups.Exists(group.HasMembersOf))
                {
                    groups.Add(group);
                }
            }
        }

        return groups;

        List<AudioGroupMember> Fill(Encoding encoding, int rank)
        {
            List<AudioGroupMember> members = [];
            var autoSelected = new HashSet<(string?, bool)>();
            for (int i = 0; i < choices.Count; i++)
            {
                if (encoding.FindOrBorrow(choices[i], encodings) is IReadOnlyList<Rendition> rates)
                {
                    // Players choose by language and characteristics: of two that are alike in both, only the first can be meant.
                    bool isFirstOfItsKind = autoSelected.Add((choices[i].Language, choices[i].IsDescription));
                    Rendition rendition = rates[Math.Min(rank, rates.Count - 1)];
                    members.Add(new AudioGroupMember(rendition, names[i], members.Count == 0, isFirstOfItsKind));
                }
            }

            return members;
        }
    }

    private bool HasMembersOf(AudioGroup other) => Members.SequenceEqual(other.Members);

    /// <summary>The default first: what the source names as such, but never sound that describes pictures where there is other.</summary>
    private static List<Choice> InOrder(List<Choice> choices, List<Encoding> encodings)
    {
        bool IsDefault(Choice choice) => Find(choice, encodings).Any(r => r.Track.IsDefault);
        Choice? first = choices.Find(c => !c.IsDescription && IsDefault(c)) ?? choices.Find(c => !c.IsDescription);
        return first is null ? choices : [first, .. choices.Where(c => c != first)];
    }

    /// <summary>The label that all encodings of a choice agree on, else its language; unique.</summary>
    private static List<string> MakeNames(List<Choice> choices, List<Encoding> encodings)
    {
        List<string> names = [];
        foreach (Choice choice in choices)
        {
            List<Track> tracks = [.. Find(choice, encodings).Select(r => r.Track)];
            List<string?> labels = [.. tracks.Select(t => t.Label).Distinct()];
            names.Add((labels.Count == 1 ? labels[0] : null) ?? choice.Language ?? tracks[0].Label ?? tracks[0].Name);
        }

        return HlsAttributes.MakeUnique(names);
    }

    private static IEnumerable<Rendition> Find(Choice choice, List<Encoding> encodings) =>
        encodings.SelectMany(e => e.BitRates.TryGetValue(choice, out List<Rendition>? rates) ? rates : []);

    /// <summary>What a listener chooses, in whichever encoding.</summary>
    /// <param name="Position">Among those of the same language and roles, which only their labels and their order tell apart.</param>
    private sealed record Choice(string? Language, string Roles, int Position)
    {
        public bool IsDescription => Roles.Split(',').Contains("description");
    }

    /// <summary>A codec and channel layout with the bit rates of each choice, best first.</summary>
    private sealed class Encoding
    {
        public Encoding(string family, string? channels, List<Rendition> renditions)
        {
            Family = family;
            Channels = channels;
            Reach = renditions.Max(CodecReach.Of);
            foreach (IGrouping<(string? Language, string Roles), Rendition> alike in renditions
                .GroupBy(r => (r.Track.Language, string.Join(",", r.Track.Roles))))
            {
                int position = 0;
                foreach (IGrouping<(string?, int), Rendition> rates in alike.GroupBy(r => (r.Track.Label, r.Track.Alternative)))
                {
                    var choice = new Choice(alike.Key.Language, alike.Key.Roles, position++);
                    BitRates.Add(choice, [.. rates.OrderByDescending(r => r.AverageBandwidth)]);
                }
            }
        }

        public string Family { get; }

        public string? Channels { get; }

        public Dictionary<Choice, List<Rendition>> BitRates { get; } = [];

        private int Reach { get; }

        public IReadOnlyList<Rendition>? FindOrBorrow(Choice choice, List<Encoding> all)
        {
            IEnumerable<Encoding> lenders = all.Where(e => e.Reach <= Reach && e.BitRates.ContainsKey(choice)).OrderBy(e => e.Reach);
            return BitRates.TryGetValue(choice, out List<Rendition>? own) ? own : lenders.FirstOrDefault()?.BitRates[choice];
        }
    }
}

/// <summary>An EXT-X-MEDIA of a group.</summary>
internal sealed record AudioGroupMember(Rendition Rendition, string Name, bool IsDefault, bool IsAutoSelect)
{
    public bool IsDescription => Rendition.Track.Roles.Contains("description");
}
