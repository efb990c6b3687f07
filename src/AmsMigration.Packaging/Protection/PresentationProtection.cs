using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Bitstreams;
using AmsMigration.Packaging.Protection.Systems;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Protection;

/// <summary>What planning needs to know to encrypt a presentation: the keys are there, and which bytes of video are protected.</summary>
public sealed class PresentationProtection
{
    private readonly Dictionary<Track, SubsampleMap> _maps;

    private PresentationProtection(ProtectionOptions options, Dictionary<Track, SubsampleMap> maps)
    {
        Options = options;
        _maps = maps;
    }

    /// <summary>Nothing is encrypted.</summary>
    public static PresentationProtection None { get; } = new(ProtectionOptions.None, []);

    public ProtectionOptions Options { get; }

    /// <summary>Looks at the NAL units of H.264 and HEVC where samples are encrypted; other media are not read.</summary>
    /// <param name="presentation">As it will be planned.</param>
    /// <param name="store">Where its files lie, in the clear.</param>
    /// <param name="isRemote">The store's answers take long to come.</param>
    /// <exception cref="PackagingException"><c>ContentKeyMissing</c>, <c>ProtectionNotPossible</c>, <c>SliceHeaderUnreadable</c>.</exception>
    public static async Task<PresentationProtection> PrepareAsync(
        Presentation presentation, ProtectionOptions options, IAssetStore store, bool isRemote, CancellationToken cancellation)
    {
        if (options.Scheme == ProtectionScheme.None)
        {
            return None;
        }

        var maps = new Dictionary<Track, SubsampleMap>(ReferenceComparer.Instance);
        foreach (Track track in presentation.Tracks.Where(track => track.Samples.Count > 0 && track.Kind != TrackKind.Text))
        {
            options.KeyFor(track);
            if (options.IsCommonEncryption && NalSyntax.Of(track) is NalSyntax syntax)
            {
                maps[track] = await NalScanner.ScanAsync(
                    track, syntax, options.Scheme == ProtectionScheme.Cbcs, store, presentation.Files, isRemote, cancellation).ConfigureAwait(false);
            }
        }

        return new PresentationProtection(options, maps);
    }

    /// <summary>Null where the samples of a track are not encrypted.</summary>
    /// <param name="name">Of the rendition in the output.</param>
    internal TrackProtection? For(Track track, string name)
    {
        if (!Options.IsCommonEncryption || track.Kind == TrackKind.Text)
        {
            return null;
        }

        ContentKey key = Options.KeyFor(track);
        return new TrackProtection(Options, key, track, _maps.TryGetValue(track, out SubsampleMap? map) ? map : null, $"{Options.Content}\n{name}")
        {
            SystemHeaders = [.. KeySystems.HeadersOf(key, Options).Select(header => header.Box)],
        };
    }

    /// <summary>Null where the segments of a track are not encrypted.</summary>
    internal SegmentProtection? ForSegments(Track track, string name) => Options.Scheme == ProtectionScheme.Aes128 && track.Kind != TrackKind.Text
        ? new SegmentProtection(Options, Options.KeyFor(track), $"{Options.Content}\n{name}")
        : null;

    /// <summary>Records compare by value, which of sample tables would take long.</summary>
    private sealed class ReferenceComparer : IEqualityComparer<Track>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(Track? x, Track? y) => ReferenceEquals(x, y);

        public int GetHashCode(Track track) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(track);
    }
}
