using System.Globalization;
using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.SmoothStreaming;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>Rebuilds the header of a track folder that lost it: the codec from the client manifest, the timescale from that and the fragments.</summary>
internal sealed class LostHeader(IAssetStore store, IReadOnlyList<AssetFile> files, TrackFolder folder)
{
    /// <summary>Code of every refusal.</summary>
    public const string Code = "HeaderMissing";

    /// <summary>Fragments that are looked into before all are read: most of them tell, whatever is wrong with some.</summary>
    private const int Looked = 9;

    /// <summary>No film and no sound has fewer or more frames a second.</summary>
    private const decimal SlowestFrames = 0.5m;
    private const decimal FastestFrames = 1_000m;

    /// <summary>Those that encoders count in; audio counts in its sampling rate, too.</summary>
    private static readonly uint[] _timescales = [TimeMath.TimeSpanTimescale, 90_000, 1_000, 48_000, 44_100];

    /// <returns>'moov', for <see cref="Open"/>.</returns>
    /// <exception cref="PackagingException"><c>HeaderMissing</c>: says why it cannot be rebuilt; what the store throws.</exception>
    public async Task<byte[]> RebuildAsync(ClientManifest? client, ClientStream? stream, CancellationToken cancellation)
    {
        ClientQualityLevel level = FindLevel(client, stream);
        SampleDescription description = ReadEntry(level);
        byte[] movie = Write(description, stream!.Timescale);
        uint timescale = await FindTimescaleAsync(stream, level, movie, cancellation).ConfigureAwait(false);
        return timescale == stream.Timescale ? movie : Write(description, timescale);
    }

    /// <summary>What <see cref="RebuildAsync"/> gave, as if it had been read.</summary>
    public static Movie Open(byte[] header, string folder)
    {
        const int NoFile = -1;
        Movie movie = Movie.Read(BoxReader.Open(header, folder, 0), new MediaFile(folder, NoFile, header.Length), isQuickTime: false);
        movie.IsOneTrack = true;
        return movie;
    }

    /// <param name="movie">With the fragments.</param>
    /// <exception cref="PackagingException"><c>HeaderMissing</c>: they need more of a header than its sample entry.</exception>
    public void Check(Movie movie)
    {
        if (movie.Needs is string needs)
        {
            throw Refuse($"its fragments {needs}");
        }
    }

    private ClientQualityLevel FindLevel(ClientManifest? client, ClientStream? stream)
    {
        if (client is null || stream is null)
        {
            throw Refuse(client is null ? "there is no client manifest" : "the client manifest has no such stream");
        }

        if (client.ProtectionSystems.Count > 0)
        {
            throw Refuse("by the client manifest it is encrypted");
        }

        long bitrate = folder.Name.Bitrate;
        ClientQualityLevel[] levels = [.. stream.QualityLevels.Where(level => level.Bitrate == bitrate)];
        return levels.Length == 1 ? levels[0]
            : throw Refuse($"of its bit rate {bitrate.ToString(CultureInfo.InvariantCulture)} the client manifest has {levels.Length} quality levels");
    }

    private SampleDescription ReadEntry(ClientQualityLevel level)
    {
        try
        {
            return SmoothSampleEntry.Read(level, folder.Path);
        }
        catch (PackagingException e)
        {
            throw Refuse($"the client manifest {e.Message}");
        }
    }

    private byte[] Write(SampleDescription description, uint timescale) => new CmafHeader
    {
        Track = new Track
        {
            Kind = description.Codec.Kind ?? TrackKind.Video,
            Name = folder.Name.Stream,
            Timescale = timescale,
            Descriptions = [description],
            Samples = new SampleTableBuilder().Build(),
            SourceFile = folder.Path,
        },
        Priming = 0,
        End = 0,
        IsCmf2 = false,
        Width = 0,
        Height = 0,
    }.ToMovie();

    /// <summary>
    /// The manifest's, where the fragments count so; otherwise what they do count in. Manifests may count in other ticks than the media, which a header would
    /// have told.
    /// </summary>
    private async Task<uint> FindTimescaleAsync(ClientStream stream, ClientQualityLevel level, byte[] header, CancellationToken cancellation)
    {
        const decimal Tolerance = 0.03m;
        List<(decimal Ticks, decimal Frames)> found = await CountAsync(stream, header, cancellation).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return stream.Timescale;
        }

        found.Sort();
        (decimal ticks, decimal frames) = found[found.Count / 2];
        if (frames is < SlowestFrames or > FastestFrames)
        {
            // The manifest's own times are in other ticks than it says: the track would be played at another speed than the others.
            throw Refuse($"by the {stream.Timescale} ticks a second of the client manifest it would have {Text("0.##", frames)} frames a second");
        }

        uint[] same = [.. new[] { stream.Timescale, (uint)level.SamplingRate }.Concat(_timescales).Where(timescale => Math.Abs(ticks - timescale) < timescale * Tolerance)];
        return same.Length > 0 ? same[0]
            : throw Refuse($"its fragments seem to count {Text("0", ticks)} ticks a second, where the client manifest counts {stream.Timescale}");
    }

    /// <summary>
    /// Ticks and frames a second by each of some fragments: by the length of a frame of AAC; of other codecs, by how long the client manifest, or the name of
    /// the fragment behind it, says that it lasts.
    /// </summary>
    private async Task<List<(decimal Ticks, decimal Frames)>> CountAsync(ClientStream stream, byte[] header, CancellationToken cancellation)
    {
        Dictionary<long, long> listed = [];
        foreach ((long time, long duration) in stream.ExpandChunks())
        {
            listed[time] = duration;
        }

        List<(decimal Ticks, decimal Frames)> found = [];
        int count = Math.Min(Looked, folder.Fragments.Count);
        string[] paths = [.. folder.Fragments.Take(count).Select(fragment => files[fragment.File].Path)];
        await HeadSource.ForEachAsync(store, paths, AddAsync, cancellation).ConfigureAwait(false);
        return found;

        async Task AddAsync(int i, HeadSource source)
        {
            (long time, int file) = folder.Fragments[i];
            Movie movie = Open(header, folder.Path);
            await Mp4Reader.AddFragmentsAsync(movie, source, file, null, cancellation, HeadSource.HeadLength).ConfigureAwait(false);
            Check(movie);
            if (movie.Finish().Tracks.FirstOrDefault() is not Track track)
            {
                return;
            }

            decimal samples = track.Samples.Count;
            decimal ticks = track.Samples.EndDecodeTime - track.Samples.FirstDecodeTime;
            long duration = listed.TryGetValue(time, out long told) && told > 0 ? told
                : i + 1 < folder.Fragments.Count ? folder.Fragments[i + 1].Time - time : 0;
            if (track.Descriptions[0].Codec.AacConfiguration is { FrameLength: > 0, SampleRate: > 0 } aac)
            {
                decimal rate = (decimal)aac.SampleRate / aac.FrameLength;
                found.Add((ticks * rate / samples, rate));
            }
            else if (duration > 0)
            {
                found.Add((ticks * stream.Timescale / duration, samples * stream.Timescale / duration));
            }
        }
    }

    private static string Text(string format, decimal value) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <param name="reason">Goes on behind "cannot be rebuilt: ".</param>
    private PackagingException Refuse(string reason) => new(
        Code,
        $"There are {folder.Fragments.Count} fragments but no blob 'header', which says how to decode them, and it cannot be rebuilt: {reason}; the track is left out.");
}
