using System.Globalization;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Sources.Smooth;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.LiveArchive;

/// <summary>
/// Reads a live archive: a folder for each track with a header and a blob for each fragment. Fragments say when they start, or their names do; what is
/// missing between them stays missing in the sample tables.
/// </summary>
internal sealed class LiveArchiveReader(IAssetStore store, IReadOnlyList<AssetFile> files, ClientManifest? client)
{
    /// <summary>Fragments whose heads are read ahead: a remote store answers many small reads at once as fast as one.</summary>
    private const int ReadAhead = 16;

    private readonly List<LeftOutTrack> _leftOut = [];
    private readonly List<PackagingWarning> _warnings = [];

    public IReadOnlyList<LeftOutTrack> LeftOut => _leftOut;

    /// <param name="name">Of the server manifest, without extension.</param>
    /// <param name="server">Null where there is none.</param>
    /// <returns>Null where no track can be converted.</returns>
    public async Task<Presentation?> ReadAsync(string name, ServerManifest? server, CancellationToken cancellation)
    {
        List<Track> tracks = [];
        foreach (TrackFolder folder in TrackFolder.FindAll(files))
        {
            MediaFileContent? content = await ReadFolderAsync(folder, cancellation).ConfigureAwait(false);
            if (content is null)
            {
                continue;
            }

            _leftOut.AddRange(content.LeftOut);
            _warnings.AddRange(content.Warnings);
            tracks.AddRange(content.Tracks.Select(track => Describe(track, folder, server)));
        }

        return tracks.Count == 0
            ? null
            : new Presentation { Name = name, Files = files, Tracks = Rebase(tracks), Warnings = [.. _warnings.Distinct()] };
    }

    private async Task<MediaFileContent?> ReadFolderAsync(TrackFolder folder, CancellationToken cancellation)
    {
        try
        {
            using IByteSource header = await store.OpenAsync(files[folder.Header].Path, cancellation).ConfigureAwait(false);
            Movie movie = await Mp4Reader.ReadMovieAsync(header, folder.Header, cancellation).ConfigureAwait(false);
            await AddFragmentsAsync(movie, folder, cancellation).ConfigureAwait(false);
            return movie.Finish();
        }
        catch (PackagingException e)
        {
            _warnings.Add(new PackagingWarning(e.Code, e.Message));
            return null;
        }
    }

    private async Task AddFragmentsAsync(Movie movie, TrackFolder folder, CancellationToken cancellation)
    {
        uint timescale = FindStream(folder)?.Timescale ?? 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = new Queue<Task<HeadSource>>();
        int next = 0;
        try
        {
            foreach ((long time, int file) in folder.Fragments)
            {
                for (; next < folder.Fragments.Count && ahead.Count < ReadAhead; next++)
                {
                    ahead.Enqueue(HeadSource.OpenAsync(store, files[folder.Fragments[next].File].Path, stop.Token));
                }

                using HeadSource source = await ahead.Dequeue().ConfigureAwait(false);
                long start = timescale == 0 ? time : TimeMath.Rescale(time, timescale, movie.TimescaleOfOnlyTrack ?? timescale);
                await Mp4Reader.AddFragmentsAsync(movie, source, file, new FragmentStart(start, IsPresentation: true), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            stop.Cancel();
            foreach (Task<HeadSource> rest in ahead)
            {
                await DisposeAsync(rest).ConfigureAwait(false);
            }
        }
    }

    private static async Task DisposeAsync(Task<HeadSource> opening)
    {
        try
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or PackagingException)
        {
            // It was cancelled, or another error is on its way.
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

    private ClientStream? FindStream(TrackFolder folder) => client?.Streams.FirstOrDefault(stream => stream.Name == folder.Name.Stream);

    /// <summary>
    /// An archive's clock began when the event's encoder did, hours or decades before the archive. The earliest track is moved to 0 and all others
    /// with it, each to its nearest tick.
    /// </summary>
    private List<Track> Rebase(List<Track> tracks)
    {
        Track first = tracks[0];
        foreach (Track track in tracks)
        {
            first = TimeMath.Compare(Start(track), track.Timescale, Start(first), first.Timescale) < 0 ? track : first;
        }

        long start = Start(first);
        if (start == 0)
        {
            return tracks;
        }

        string seconds = (TimeMath.Rescale(start, first.Timescale, 1000) / 1000m).ToString(CultureInfo.InvariantCulture);
        _warnings.Add(new PackagingWarning("Rebased", $"The archive begins at {seconds} s of the event's clock; the output begins at 0."));
        return [.. tracks.Select(track => track with { Delay = track.Delay - TimeMath.Rescale(start, first.Timescale, track.Timescale) })];
    }

    private static long Start(Track track)
    {
        // Frames of the first group of pictures may be presented before the first one that is decoded.
        long earliest = long.MaxValue;
        SampleCursor sample = track.Samples.GetCursor();
        for (int i = 0; i < 64 && !sample.IsEnd; i++, sample.MoveNext())
        {
            earliest = Math.Min(earliest, track.ToPresentationTime(sample.CompositionTime));
        }

        // The priming of audio is not heard: its edit list's start is where it begins.
        return track.Kind == TrackKind.Audio ? earliest + Math.Max(0, track.MediaTime) : earliest;
    }
}
