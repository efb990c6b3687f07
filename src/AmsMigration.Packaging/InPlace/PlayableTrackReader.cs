using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Sources;
using AmsMigration.Packaging.Sources.LiveArchive;
using AmsMigration.Packaging.Sources.Mp4;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.InPlace;

/// <summary>Reads the header of a live archive's track and the head of each of its blobs, and refuses what players could not play as it is.</summary>
internal sealed class PlayableTrackReader(IAssetStore store, IReadOnlyList<AssetFile> files)
{
    /// <param name="track">As it was read for a conversion, which may count in other ticks.</param>
    /// <exception cref="PackagingException"><c>NotPlayableInPlace</c>: says which track and fragment, and why.</exception>
    public async Task<PlayableTrack> ReadAsync(Track track, CancellationToken cancellation)
    {
        TrackFolder folder = TrackFolder.FindAll(files).FirstOrDefault(f => IsOf(f, track))
            ?? throw NotPlayable.Because("only live archives, which have a blob for each fragment, can be played where they lie; this is another file", track.SourceFile);
        Movie movie = await OpenAsync(folder, track, cancellation).ConfigureAwait(false);
        TrackSamples only = movie.OnlyTrack ?? throw NotPlayable.Because("the header describes several tracks; players expect one", track.SourceFile);
        CheckHeader(only.Track, track.SourceFile);

        var check = new BlobCheck(only);
        List<PlayableBlob> blobs = [];
        string[] paths = [.. folder.Fragments.Select(fragment => files[fragment.File].Path)];
        await HeadSource.ForEachAsync(store, paths, AddAsync, cancellation).ConfigureAwait(false);
        Track? read = movie.Finish().Tracks.FirstOrDefault();
        if (read is null || blobs.Count == 0)
        {
            throw NotPlayable.Because("the track cannot be read", track.SourceFile);
        }

        return new PlayableTrack(
            track with { Timescale = read.Timescale, Descriptions = read.Descriptions, Samples = read.Samples, MediaTime = 0, Delay = 0, RollDistance = read.RollDistance },
            check.TrackId, only.Defaults, blobs);

        async Task AddAsync(int i, HeadSource source)
        {
            var file = new MediaFile(source.Path, folder.Fragments[i].File, source.Length);
            IReadOnlyList<PlayableFragment> found = await check.ReadAsync(source, file, HeadSource.HeadLength, cancellation).ConfigureAwait(false);
            List<Fragment> fragments = [];
            foreach (PlayableFragment fragment in found)
            {
                CheckTime(only, fragment, file, isInside: fragments.Count > 0);
                if ((await movie.AddFragmentAsync(fragment.Movie, file).ConfigureAwait(false)).FirstOrDefault() is not { SampleCount: > 0 } added)
                {
                    throw NotPlayable.Because("it cannot be read as a fragment of the track that the header describes", file.Path);
                }

                long start = Start(fragment);
                fragments.Add(new Fragment(
                    added.FirstSample, added.SampleCount, fragment.Movie.FileStart, fragment.HeaderLength, fragment.PayloadLength, fragment.DecodeTime, start,
                    fragment.Samples[0].Size, fragment.Samples[0].IsSync));
            }

            blobs.Add(new PlayableBlob(file.Path, file.Length, fragments));
        }
    }

    private bool IsOf(TrackFolder folder, Track track) =>
        folder.Header is int file ? files[file].Path == track.SourceFile : track.RebuiltHeader is not null && folder.Path == track.SourceFile;

    private async Task<Movie> OpenAsync(TrackFolder folder, Track track, CancellationToken cancellation)
    {
        if (track.RebuiltHeader is byte[] rebuilt)
        {
            return LostHeader.Open(rebuilt, folder.Path);
        }

        using IByteSource header = await store.OpenAsync(track.SourceFile, cancellation).ConfigureAwait(false);
        Movie movie = await Mp4Reader.ReadMovieAsync(header, folder.Header!.Value, cancellation).ConfigureAwait(false);
        movie.IsOneTrack = true;
        return movie;
    }

    private static void CheckHeader(TrackBox header, string file)
    {
        if (header.DescriptionMap.Where((index, i) => index != i).Any())
        {
            throw NotPlayable.Because("the header has sample descriptions that cannot be read", file);
        }

        if (header.Edits.Any(edit => edit.MediaTime != 0))
        {
            throw NotPlayable.Because("the header has an edit list that moves the track against the others", file);
        }
    }

    /// <summary>Where media is missing is looked at when all tracks are known; what overlaps can only be mended by a conversion.</summary>
    private static void CheckTime(TrackSamples track, PlayableFragment fragment, MediaFile file, bool isInside)
    {
        if (track.Count == 0)
        {
            return;
        }

        long tolerance = fragment.Samples[0].Duration / 2;
        long gap = fragment.DecodeTime - track.EndDecodeTime;
        if (gap < -tolerance)
        {
            throw NotPlayable.Because($"it begins {-gap} ticks of {track.Track.Timescale} a second before the fragment in front of it ends", file.Path);
        }

        if (isInside && gap > tolerance)
        {
            throw NotPlayable.Because($"{gap} ticks of {track.Track.Timescale} a second are missing between its parts", file.Path);
        }
    }

    /// <summary>Earliest presentation time, ticks.</summary>
    private static long Start(PlayableFragment fragment)
    {
        long time = fragment.DecodeTime;
        long start = long.MaxValue;
        foreach (FragmentSample sample in fragment.Samples)
        {
            start = Math.Min(start, time + sample.CompositionOffset);
            time = checked(time + sample.Duration);
        }

        return start;
    }
}
