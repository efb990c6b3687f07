using AmsMigration.Packaging.Storage;
using AmsMigration.Packaging.Verification;

namespace AmsMigration.StreamingUrls.Testing;

/// <summary>Asks for what a player would ask for first and last: manifest, playlists, and the ends of each rendition.</summary>
/// <param name="origin">The site that the player would be on, e.g. <c>https://www.contoso.com</c>.</param>
/// <param name="mediaHosts">Hosts that manifests may refer to beside their own.</param>
internal sealed class StreamingUrlTester(IPublicWeb web, string origin, IReadOnlyCollection<string>? mediaHosts = null)
{
    /// <summary>Bytes: a day of two-second segments in one playlist has some 4 MB.</summary>
    private const int MaxManifest = 16 << 20;

    private const int MaxIndex = 4 << 20;

    /// <summary>Enough to see that something is there.</summary>
    private const int Probe = 16;

    /// <param name="oldUrl">As the result says it; without query.</param>
    /// <param name="address">Where to begin.</param>
    /// <param name="hostHeader">Of requests to that host; null for its own name.</param>
    /// <param name="expected">What the old address spoke; null where nobody knows.</param>
    public async Task<AmsStreamingUrlTest> TestAsync(
        string oldUrl, Uri address, string? hostHeader, AmsStreamingProtocol? expected, string? assetName, CancellationToken cancellation)
    {
        var problems = new ProblemList();
        var walker = new WebWalker(web, origin, problems);
        var counts = new Counts();
        (WebAnswer Answer, Uri Address)? found = await walker.AskAsync(new WebQuestion(address, MaxManifest) { HostHeader = hostHeader }, cancellation).ConfigureAwait(false);
        (int? status, int redirections) = (walker.LastStatus, walker.Redirections);
        ManifestOutline? outline = found is null ? null : Outline(found.Value.Answer, found.Value.Address, walker, problems);
        AmsStreamingProtocol? protocol = outline is null ? null : ProtocolOf(outline.Kind);
        if (outline is not null)
        {
            if (expected is not null && expected != protocol)
            {
                problems.Add("ProtocolDiffers", found!.Value.Address, $"the old address spoke {expected}, and {protocol} is there now: players that speak {expected} alone do not play it");
            }

            Uri place = found!.Value.Address;
            await FollowAsync(outline, place, At(place, address, hostHeader), walker, problems, counts, cancellation).ConfigureAwait(false);
        }

        return new AmsStreamingUrlTest
        {
            OldUrl = oldUrl,
            TestedUrl = address.GetLeftPart(UriPartial.Path),
            FinalUrl = found?.Address.GetLeftPart(UriPartial.Path),
            StatusCode = status,
            Protocol = protocol,
            Redirections = redirections,
            Renditions = counts.Renditions,
            SegmentsChecked = counts.Segments,
            Problems = problems.All,
            AssetName = assetName,
        };
    }

    /// <summary>The result for an address that leads nowhere.</summary>
    public static AmsStreamingUrlTest Untested(string oldUrl, string? why, string? assetName)
    {
        var problems = new ProblemList();
        _ = Uri.TryCreate(oldUrl, UriKind.Absolute, out Uri? address);
        problems.Add("NoNewUrl", address ?? new Uri("https://unknown.invalid"), why ?? "the map has no new address for it");
        return new AmsStreamingUrlTest { OldUrl = oldUrl, AssetName = assetName, Problems = problems.All };
    }

    private static ManifestOutline? Outline(WebAnswer answer, Uri address, WebWalker walker, ProblemList problems)
    {
        walker.CheckCors(address, answer);
        if (answer.IsCut)
        {
            problems.Add("ManifestTooLong", address, $"it has more than {MaxManifest >> 20} MB; no manifest is that long");
            return null;
        }

        try
        {
            ManifestOutline outline = ManifestOutline.Read(answer.Body, address);
            CheckContentType(answer, address, outline.Kind, problems);
            return outline;
        }
        catch (FormatException e)
        {
            problems.Add("ManifestUnreadable", address, e.Message);
            return null;
        }
    }

    private async Task FollowAsync(
        ManifestOutline outline, Uri manifest, string? hostHeader, WebWalker walker, ProblemList problems, Counts counts, CancellationToken cancellation)
    {
        foreach (Uri uri in outline.Playlists.Distinct())
        {
            if (!MayFollow(manifest, uri, problems)
                || await walker.AskAsync(new WebQuestion(uri, MaxManifest) { HostHeader = At(uri, manifest, hostHeader) }, cancellation).ConfigureAwait(false) is not (WebAnswer answer, Uri place)
                || Outline(answer, place, walker, problems) is not ManifestOutline playlist)
            {
                continue;
            }

            if (playlist.Kind != ManifestKind.HlsMedia)
            {
                problems.Add("ManifestUnreadable", place, "it should be a media playlist, and is another manifest");
                continue;
            }

            await FollowAsync(playlist, place, At(place, manifest, hostHeader), walker, problems, counts, cancellation).ConfigureAwait(false);
        }

        foreach (OutlinedRendition rendition in outline.Renditions)
        {
            counts.Renditions++;
            IReadOnlyList<OutlinedPart> parts = rendition.Index is null
                ? rendition.Parts
                : [.. rendition.Parts, .. await ReadIndexAsync(rendition.Index, manifest, hostHeader, walker, problems, cancellation).ConfigureAwait(false)];
            foreach (OutlinedPart part in parts.Where(part => counts.Seen.Add(part)))
            {
                counts.Segments++;
                await ProbeAsync(part, manifest, hostHeader, walker, problems, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The last bytes where the manifest says how long it is: a file that was cut ends before them.</summary>
    private async Task ProbeAsync(OutlinedPart part, Uri manifest, string? hostHeader, WebWalker walker, ProblemList problems, CancellationToken cancellation)
    {
        int length = (int)Math.Min(Probe, part.Length ?? Probe);
        long offset = part.Length is long whole ? (part.Offset ?? 0) + whole - length : 0;
        if (length > 0 && MayFollow(manifest, part.Address, problems))
        {
            await AskRangeAsync(part.Address, offset, length, isNeeded: part.Offset is not null, At(part.Address, manifest, hostHeader), walker, problems, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<OutlinedPart>> ReadIndexAsync(
        OutlinedPart index, Uri manifest, string? hostHeader, WebWalker walker, ProblemList problems, CancellationToken cancellation)
    {
        long length = index.Length ?? 0;
        if (length is <= 0 or > MaxIndex || index.Offset is not long offset)
        {
            problems.Add("IndexUnreadable", index.Address, $"its index has {length} bytes");
            return [];
        }

        if (!MayFollow(manifest, index.Address, problems)
            || await AskRangeAsync(index.Address, offset, (int)length, isNeeded: true, At(index.Address, manifest, hostHeader), walker, problems, cancellation).ConfigureAwait(false) is not byte[] body)
        {
            return [];
        }

        try
        {
            return ManifestOutline.ReadIndex(body, index.Address, offset + length);
        }
        catch (FormatException e)
        {
            problems.Add("IndexUnreadable", index.Address, e.Message);
            return [];
        }
    }

    /// <param name="isNeeded">The whole file instead of the range would not do.</param>
    /// <returns>Null where it could not be had; that is a problem.</returns>
    private static async Task<byte[]?> AskRangeAsync(
        Uri address, long offset, int length, bool isNeeded, string? hostHeader, WebWalker walker, ProblemList problems, CancellationToken cancellation)
    {
        var question = new WebQuestion(address, length) { Offset = offset, Length = length, HostHeader = hostHeader };
        if (await walker.AskAsync(question, cancellation).ConfigureAwait(false) is not (WebAnswer answer, Uri place))
        {
            return null;
        }

        walker.CheckCors(place, answer);
        if (answer.Status == 200 && isNeeded)
        {
            problems.Add("RangesIgnored", place, "the server sent the whole file instead of the range that was asked for");
            return null;
        }

        if (answer.Body.Length < length && isNeeded)
        {
            problems.Add("SegmentTooShort", place, "the file ends before the bytes that the manifest names");
            return null;
        }

        if (answer.Body.Length == 0)
        {
            problems.Add("SegmentEmpty", place, "the file is empty");
            return null;
        }

        return answer.Body;
    }

    /// <summary>The host header for a place: others than the one that was asked by the old name know nothing of it.</summary>
    private static string? At(Uri place, Uri asked, string? hostHeader) => place.Authority == asked.Authority ? hostHeader : null;

    /// <summary>A manifest is somebody else's word: it may lead about on its own host, and to hosts that were named.</summary>
    private bool MayFollow(Uri manifest, Uri to, ProblemList problems)
    {
        bool isWeb = to.Scheme == Uri.UriSchemeHttps || to.Scheme == manifest.Scheme;
        bool isHere = to.Host == manifest.Host && (to.Port == manifest.Port || (to.IsDefaultPort && manifest.IsDefaultPort));
        if (isWeb && (isHere || mediaHosts?.Contains(to.Host, StringComparer.OrdinalIgnoreCase) == true))
        {
            return true;
        }

        problems.Add("PointsElsewhere", manifest, $"it leads to another place, which is not followed: {to.GetLeftPart(UriPartial.Authority)}");
        return false;
    }

    private static void CheckContentType(WebAnswer answer, Uri address, ManifestKind kind, ProblemList problems)
    {
        string[] right = kind switch
        {
            ManifestKind.Dash => [ContentTypes.Dash],
            ManifestKind.Smooth => ["text/xml", "application/xml", "application/vnd.ms-sstr+xml"],
            _ => [ContentTypes.Hls, "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl", "audio/vnd.apple.mpegurl"],
        };
        string type = (answer.Header("Content-Type") ?? "").Split(';')[0].Trim();
        if (!right.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            problems.Add("ContentTypeWrong", address, $"its Content-Type is '{type}'; expected {right[0]}", right[0]);
        }
    }

    private static AmsStreamingProtocol ProtocolOf(ManifestKind kind) => kind switch
    {
        ManifestKind.Dash => AmsStreamingProtocol.Dash,
        ManifestKind.Smooth => AmsStreamingProtocol.SmoothStreaming,
        _ => AmsStreamingProtocol.Hls,
    };

    private sealed class Counts
    {
        public int Renditions { get; set; }

        public int Segments { get; set; }

        public HashSet<OutlinedPart> Seen { get; } = [];
    }
}
