namespace AmsMigration.StreamingUrls.Map;

/// <summary>The entries of all assets, each old address once, ordered by it: the same results give the same map, in whatever order they come.</summary>
internal sealed class StreamingUrlMap
{
    private readonly Dictionary<string, AmsStreamingUrlMapEntry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _rivals = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    public IEnumerable<AmsStreamingUrlMapEntry> Entries => _entries.Values.OrderBy(entry => entry.OldUrl, StringComparer.Ordinal);

    /// <summary>Old addresses that two assets or two conversions claim, with all that they would lead to; the map has the first.</summary>
    public IEnumerable<(string OldUrl, IReadOnlyList<string> NewUrls)> Conflicts =>
        _rivals.Select(rival => (rival.Key, (IReadOnlyList<string>)[_entries[rival.Key].NewUrl!, .. rival.Value.Where(url => url != _entries[rival.Key].NewUrl)]));

    public void Add(AmsStreamingUrlMapEntry entry)
    {
        if (!_entries.TryGetValue(entry.OldUrl, out AmsStreamingUrlMapEntry? other))
        {
            _entries.Add(entry.OldUrl, entry);
            return;
        }

        if (entry.NewUrl is not null && other.NewUrl is not null && entry.NewUrl != other.NewUrl)
        {
            if (!_rivals.TryGetValue(entry.OldUrl, out SortedSet<string>? rivals))
            {
                _rivals.Add(entry.OldUrl, rivals = new SortedSet<string>(StringComparer.Ordinal));
            }

            rivals.Add(entry.NewUrl);
            rivals.Add(other.NewUrl);
        }

        if (Compare(entry, other) < 0)
        {
            _entries[entry.OldUrl] = entry;
        }
    }

    /// <summary>
    /// The map by path, for servers that do not tell hosts and letter case apart, as the service did not. What leads to itself, because the old host is the new
    /// one, is left out: it needs no rule, and would never end.
    /// </summary>
    public IReadOnlyList<StreamingRule> Rules()
    {
        var hosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rules = new SortedDictionary<string, (StreamingAddress Address, AmsStreamingUrlMapEntry Entry)>(StringComparer.Ordinal);
        foreach (AmsStreamingUrlMapEntry entry in Entries)
        {
            StreamingAddress address = StreamingAddress.Parse(entry.OldUrl);
            if (address.Host is not null)
            {
                hosts.Add(address.Host);
            }

            string key = UriText.ToLowerAscii(address.RelativePath);
            if (entry.NewUrl is not null && (!rules.TryGetValue(key, out (StreamingAddress Address, AmsStreamingUrlMapEntry Entry) other) || Compare(entry, other.Entry) < 0))
            {
                rules[key] = (address, entry);
            }
        }

        return
        [
            .. rules.Select(rule => new StreamingRule(rule.Value.Address, rule.Value.Entry.NewUrl!))
                .Where(rule => !rule.IsLoop(hosts)),
        ];
    }

    private static int Compare(AmsStreamingUrlMapEntry one, AmsStreamingUrlMapEntry other) =>
        Rank(one) != Rank(other) ? Rank(one).CompareTo(Rank(other)) : string.CompareOrdinal(one.NewUrl ?? one.Note, other.NewUrl ?? other.Note);

    private static int Rank(AmsStreamingUrlMapEntry entry) => entry.Target switch
    {
        AmsStreamingUrlTarget.Alias => 0,
        AmsStreamingUrlTarget.Presentation => 1,
        _ => 2,
    };
}

/// <summary>Where a request for a path goes.</summary>
/// <param name="From">The host is one of several.</param>
/// <param name="To">An absolute address of ASCII characters.</param>
internal sealed record StreamingRule(StreamingAddress From, string To)
{
    /// <summary>Decoded, with the slash in front.</summary>
    public string DecodedPath => "/" + From.RelativePath;

    public bool IsLoop(ICollection<string> oldHosts) =>
        Uri.TryCreate(To, UriKind.Absolute, out Uri? to) && oldHosts.Contains(to.Authority)
        && string.Equals(Uri.UnescapeDataString(to.AbsolutePath), DecodedPath, StringComparison.OrdinalIgnoreCase);
}
