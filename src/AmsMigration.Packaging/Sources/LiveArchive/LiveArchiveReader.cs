using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>
/// Reads a live archive: a folder for each track with a header and a blob for each fragment. Fragments say when they start, or their names do; what is
/// missing between them stays missing in the sample tables.
/// </summary>
internal sealed class LiveArchiveReader(IAssetStore store, IReadOnlyList<AssetFile> files, IReadOnlyList<TrackFolder> folders, ClientManifest? client)
{
    private readonly List<LeftOutTrack> _leftOut = [];
    private readonly List<PackagingWarning> _warnings = [];
    private readonly HashSet<string> _played = [];

    public IReadOnlyList<LeftOutTrack> LeftOut => _leftOut;

    /// <summary>What is wrong, where there is no presentation that says it.</summary>
    public IReadOnlyList<PackagingWarning> Warnings => _warnings;

    /// <summary>Paths of headers and fragments that are converted.</summary>
    public IReadOnlyCollection<string> Played => _played;

    /// <summary>Paths of these, and of what warnings and <see cref="LeftOut"/> tell of.</summary>
    public IReadOnlyCollection<string> Looked => [.. folders.SelectMany(FilesOf)];

    /// <param name="name">Of the server manifest, without extension.</param>
    /// <param name="server">Null where there is none.</param>
    /// <returns>Null where no track can be converted.</returns>
    public async Task<Presentation?> ReadAsync(string name, ServerManifest? server, CancellationToken cancellation)
    {
        List<Track> tracks = [];
        List<TimedEvent> events = [];
        foreach (ClientStream stream in client?.Streams.Where(SparseTrack.Is) ?? [])
        {
            TrackFolder? folder = folders.FirstOrDefault(f => FindStream(f) == stream);
            Play(folder);
            events.AddRange(await new SparseTrack(store, files, stream, folder).ReadAsync(_warnings, cancellation).ConfigureAwait(false));
        }

        foreach (TrackFolder folder in folders.Where(folder => FindStream(folder) is not ClientStream stream || !SparseTrack.Is(stream)))
        {
            MediaFileContent? content = await ReadFolderAsync(folder, cancellation).ConfigureAwait(false);
            if (content is null)
            {
                continue;
            }

            _leftOut.AddRange(content.LeftOut);
            if (content.Tracks.Count == 0 && content.LeftOut.Count == 0)
            {
                _warnings.Add(new PackagingWarning("NoMedia", "Its header lists no track.", folder.Path));
            }

            _played.UnionWith(content.Tracks.SelectMany(track => track.Samples.Files.Select(file => files[file].Path).Append(track.SourceFile)));
            _warnings.AddRange(content.Warnings);
            tracks.AddRange(content.Tracks.Select(track => AudioClock.Retime(Describe(track, folder, server))));
        }

        if (tracks.Count == 0)
        {
            return null;
        }

        (List<Track> moved, long start, uint timescale) = PresentationOrigin.MoveToZero(tracks, _warnings);
        return new Presentation
        {
            Name = name,
            Files = files,
            Tracks = moved,
            Events = [.. events.Select(e => e with { Time = e.Time - TimeMath.Rescale(start, timescale, e.Timescale) })],
            WallClock = WallClockOf(TimeMath.Rescale(start, timescale, TimeMath.TimeSpanTimescale)),
            Warnings = [.. _warnings.Distinct()],
        };
    }

    /// <summary>Media Services counted the time of its own encoders from 1970; others began anywhere.</summary>
    private static long WallClockOf(long start)
    {
        const long Second = TimeMath.TimeSpanTimescale;
        const long Year2008 = 1_199_145_600 * Second;
        const long Year2038 = 2_145_916_800 * Second;
        return start is > Year2008 and < Year2038 ? start : 0;
    }

    private async Task<MediaFileContent?> ReadFolderAsync(TrackFolder folder, CancellationToken cancellation)
    {
        try
        {
            if (folder.Header is not int headerFile)
            {
                return await ReadHeadlessAsync(folder, cancellation).ConfigureAwait(false);
            }

            using IByteSource header = await store.OpenAsync(files[headerFile].Path, cancellation).ConfigureAwait(false);
            Movie movie = await Mp4Reader.ReadMovieAsync(header, headerFile, cancellation).ConfigureAwait(false);
            movie.IsOneTrack = true;
            WarnOfMissing(folder);
            await AddFragmentsAsync(movie, folder, cancellation).ConfigureAwait(false);
            return movie.Finish();
        }
        catch (PackagingException e)
        {
            _warnings.Add(new PackagingWarning(e.Code, e.Message, e.Code == LostHeader.Code ? folder.Path : null));
            return null;
        }
    }

    private async Task<MediaFileContent> ReadHeadlessAsync(TrackFolder folder, CancellationToken cancellation)
    {
        var lost = new LostHeader(store, files, folder);
        byte[] header = await lost.RebuildAsync(client, FindStream(folder), cancellation).ConfigureAwait(false);
        Movie movie = LostHeader.Open(header, folder.Path);
        WarnOfMissing(folder);
        await AddFragmentsAsync(movie, folder, cancellation).ConfigureAwait(false);
        lost.Check(movie);
        MediaFileContent content = movie.Finish();
        _warnings.Add(new PackagingWarning(
            "HeaderRebuilt", "There is no blob 'header'; how to decode the fragments is taken from the client manifest, as far as that says it.", folder.Path));
        return content with { Tracks = [.. content.Tracks.Select(track => track with { RebuiltHeader = header })] };
    }

    private async Task AddFragmentsAsync(Movie movie, TrackFolder folder, CancellationToken cancellation)
    {
        movie.Store = store;
        uint timescale = FindStream(folder)?.Timescale ?? 0;
        string[] paths = [.. folder.Fragments.Select(fragment => files[fragment.File].Path)];
        await HeadSource.ForEachAsync(store, paths, AddAsync, cancellation).ConfigureAwait(false);

        async Task AddAsync(int i, HeadSource source)
        {
            if (source.Length == 0)
            {
                _warnings.Add(new PackagingWarning("EmptyFragment", "The fragment is empty; it counts as missing.", source.Path));
                return;
            }

            (long time, int file) = folder.Fragments[i];
            long start = timescale == 0 ? time : TimeMath.Rescale(time, timescale, movie.OnlyTrack?.Track.Timescale ?? timescale);
            var given = new FragmentStart(start, IsPresentation: true);
            if (!await Mp4Reader.AddFragmentsAsync(movie, source, file, given, cancellation, HeadSource.HeadLength).ConfigureAwait(false))
            {
                _warnings.Add(new PackagingWarning("NoFragment", "There is no 'moof' in it; it counts as missing.", source.Path));
            }
        }
    }

    /// <summary>What the client manifest lists and nobody kept. What is missing in time is found in the samples.</summary>
    private void WarnOfMissing(TrackFolder folder)
    {
        HashSet<long> there = [.. folder.Fragments.Select(fragment => fragment.Time)];
        List<long> missing = [.. FindStream(folder)?.ExpandChunks().Select(chunk => chunk.Time).Where(time => !there.Contains(time)) ?? []];
        if (missing.Count > 0 && there.Count > 0)
        {
            _warnings.Add(new PackagingWarning(
                "FragmentsMissing",
                $"The client manifest lists {missing.Count} fragments that are not there, the first of them '{missing[0]}'.",
                folder.Path));
        }
    }

    private Track Describe(Track track, TrackFolder folder, ServerManifest? server)
    {
        (string streamName, long bitrate) = folder.Name;
        ClientStream? stream = FindStream(folder);
        ServerManifestTrack? entry = server?.Tracks.FirstOrDefault(e => e.Kind == track.Kind && e.TrackName == streamName && (e.Bitrate == bitrate || e.Bitrate == 0))
            ?? server?.Tracks.FirstOrDefault(e => e.Kind == track.Kind && (e.Source == folder.Path || e.Source == streamName) && (e.Bitrate == bitrate || e.Bitrate == 0));
        return track with
        {
            Name = streamName,
            Label = entry?.Label ?? track.Label,
            Language = track.Kind == TrackKind.Video ? null : entry?.Language ?? stream?.Language ?? track.Language,
            Roles = entry?.Roles is { Count: > 0 } roles ? roles : stream?.Roles is { Count: > 0 } streamRoles ? streamRoles : track.Roles,
            NominalBitrate = bitrate,
        };
    }

    private ClientStream? FindStream(TrackFolder folder) =>
        client?.Streams.FirstOrDefault(stream => stream.Name == folder.Name.Stream)
        ?? client?.Streams.FirstOrDefault(stream => string.Equals(stream.Name, folder.Name.Stream, StringComparison.OrdinalIgnoreCase));

    private void Play(TrackFolder? folder) => _played.UnionWith(folder is null ? [] : FilesOf(folder));

    private IEnumerable<string> FilesOf(TrackFolder folder)
    {
        IEnumerable<int> headers = folder.Header is int header ? [header] : [];
        return headers.Concat(folder.Fragments.Select(fragment => fragment.File)).Select(file => files[file].Path);
    }
}
