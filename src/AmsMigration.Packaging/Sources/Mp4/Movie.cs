using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>The tracks of one 'moov' (ISO/IEC 14496-12 8.2.1) and of the fragments that follow it, in its file or in others.</summary>
internal sealed class Movie
{
    private readonly MediaFile _file;
    private readonly List<PackagingWarning> _warnings = [];
    private readonly List<TrackBox> _boxes = [];
    private readonly List<LeftOutTrack> _leftOut = [];
    private readonly HashSet<uint> _found = [];
    private readonly HashSet<TrackKind> _kindsWithDisabledTracks = [];

    /// <summary>Tracks that others name as their chapters.</summary>
    private readonly SortedSet<uint> _chapters = [];
    private readonly Dictionary<uint, TrackSamples> _samples = [];
    private readonly MovieFragmentReader _fragments;
    private readonly Dictionary<uint, List<TrackFragment>> _added = [];

    /// <summary>Ticks a second of edit lists; 0 where nothing says it.</summary>
    private uint _timescale;

    private int _damagedFragments;
    private string _firstDamage = "";

    private Movie(MediaFile file)
    {
        _file = file;
        _fragments = new MovieFragmentReader(_samples);
    }

    /// <exception cref="PackagingException">It is compressed, or not a list of boxes.</exception>
    public static Movie Read(BoxReader moov, MediaFile file, bool isQuickTime)
    {
        var movie = new Movie(file);
        if (moov.TryFind("cmov", out _))
        {
            throw moov.Fault("CompressedHeader", "the header is compressed (QuickTime 'cmov'), which nothing here reads");
        }

        if (moov.TryFind("mvhd", out BoxReader mvhd))
        {
            (byte version, _) = mvhd.FullBox();
            mvhd.Skip(version == 1 ? 16 : 8);
            movie._timescale = mvhd.U32();
        }

        Dictionary<uint, TrackDefaults> defaults = ReadDefaults(moov);
        BoxReader list = moov;
        while (list.NextChild(out BoxReader child))
        {
            if (child.Type == "trak")
            {
                movie.AddTrack(child, defaults, isQuickTime);
            }
        }

        return movie;
    }

    /// <summary>See <see cref="MovieFragmentReader.IsOneTrack"/>.</summary>
    public bool IsOneTrack
    {
        set => _fragments.IsOneTrack = value && _found.Count == 1;
    }

    /// <summary>Where fragments lie in files of their own; null where all are in one.</summary>
    public IAssetStore? Store { get; set; }

    /// <summary>See <see cref="MovieFragmentReader.Needs"/>.</summary>
    public string? Needs => _fragments.Needs;

    /// <summary>Fragments follow each other for want of a better knowledge.</summary>
    public bool HasUntimedFragments => _added.Values.Any(fragments => fragments.Exists(fragment => fragment.TimeSource == FragmentTimeSource.Summed));

    /// <summary>When fragments begin by the index at the end of the file, which lists them by where they lie.</summary>
    public IReadOnlyDictionary<(uint TrackId, long MovieOffset), long>? IndexedTimes { private get; set; }

    /// <summary>What it says of its only track; null where it has several, or none that can be converted.</summary>
    public TrackSamples? OnlyTrack => _boxes.Count == 1 ? _samples[_boxes[0].TrackId] : null;

    /// <param name="file">The one that it is about; null for the header's.</param>
    public void Warn(string code, string message, string? file = null) => _warnings.Add(new PackagingWarning(code, message, file ?? _file.Path));

    /// <summary>Adds the samples of a 'moof'. A fault in it costs the rest of it, and is a warning.</summary>
    /// <param name="moof">With its offset in <paramref name="file"/>.</param>
    /// <param name="media">See <see cref="MovieFragmentReader.ReadAsync"/>.</param>
    /// <returns>What was added, a fragment for each track.</returns>
    public async Task<IReadOnlyList<TrackFragment>> AddFragmentAsync(BoxReader moof, MediaFile file, FragmentStart? start = null, ReadMedia? media = null)
    {
        List<TrackFragment> added = [];
        try
        {
            await _fragments.ReadAsync(moof, file, start, added, media).ConfigureAwait(false);
        }
        catch (PackagingException e) when (!e.IsOfStore)
        {
            _firstDamage = _damagedFragments++ == 0 ? e.Message : _firstDamage;
        }

        foreach (TrackFragment fragment in added)
        {
            if (!_added.TryGetValue(fragment.TrackId, out List<TrackFragment>? fragments))
            {
                _added[fragment.TrackId] = fragments = [];
            }

            fragments.Add(fragment);
        }

        return added;
    }

    /// <summary>Takes a further 'moov', behind which fragments may be of another configuration. Where it is damaged, that in front of it stays.</summary>
    /// <param name="moov">With its offset in <paramref name="file"/>.</param>
    public void Reconfigure(BoxReader moov, MediaFile file)
    {
        try
        {
            Dictionary<uint, TrackDefaults> defaults = ReadDefaults(moov);
            while (moov.NextChild(out BoxReader trak))
            {
                if (trak.Type != "trak")
                {
                    continue;
                }

                TrackBox box = TrackBoxReader.Read(trak, file.Path, isQuickTime: false, isFragmented: true);
                defaults.TryGetValue(box.TrackId, out TrackDefaults trackDefaults);
                _fragments.FindTrack(box.TrackId)?.Configure(box, trackDefaults, file.Path);
            }
        }
        catch (PackagingException e)
        {
            Warn("DamagedHeader", $"A further header is damaged, and what is behind it is taken to be like what is in front: {e.Message}", file.Path);
        }
    }

    public MediaFileContent Finish()
    {
        if (_damagedFragments > 0)
        {
            Warn("DamagedFragment", $"{_damagedFragments} fragments are damaged and left out where the damage begins, the first for this: {_firstDamage}.");
        }

        List<Track> tracks = [];
        foreach (TrackBox box in _boxes.Where(box => !_chapters.Contains(box.TrackId)))
        {
            if (Build(box) is Track track)
            {
                tracks.Add(track);
            }
        }

        _leftOut.RemoveAll(left => _chapters.Contains(left.TrackId));
        foreach (uint id in _chapters.Where(_found.Contains))
        {
            LeaveOut(id, "chapters", "chapters have no place in HLS or DASH.", isMedia: false);
        }

        return new MediaFileContent(tracks, _leftOut, _warnings)
        {
            Fragments = _added.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<TrackFragment>)entry.Value),
            IndexedTimes = IndexedTimes,
        };
    }

    /// <summary>Null where it had to be left out.</summary>
    private Track? Build(TrackBox box)
    {
        TrackSamples collected = _samples[box.TrackId];
        string codec = box.Descriptions[0].Codec.Name;
        try
        {
            SampleTable samples = collected.Build(_file, _warnings);
            if (samples.Count > 0)
            {
                return ToTrack(box, collected, samples);
            }

            LeaveOut(box.TrackId, codec, collected.IsCut ? "all of its samples lie behind the end of the file." : "it has no samples.", isMedia: true);
        }
        catch (PackagingException e)
        {
            LeaveOut(box.TrackId, codec, Sentence(e), isMedia: true);
        }

        return null;
    }

    private static Dictionary<uint, TrackDefaults> ReadDefaults(BoxReader moov)
    {
        Dictionary<uint, TrackDefaults> defaults = [];
        if (!moov.TryFind("mvex", out BoxReader mvex))
        {
            return defaults;
        }

        while (mvex.NextChild(out BoxReader trex))
        {
            if (trex.Type == "trex")
            {
                trex.FullBox();
                defaults[trex.U32()] = new TrackDefaults(trex.U32(), trex.U32(), trex.U32(), trex.U32());
            }
        }

        return defaults;
    }

    private void AddTrack(BoxReader trak, Dictionary<uint, TrackDefaults> defaults, bool isQuickTime)
    {
        (uint id, string name) = TrackBoxReader.Identify(trak);
        try
        {
            _found.Add(id);
            TrackBox box = TrackBoxReader.Read(trak, _file.Path, isQuickTime, isFragmented: defaults.Count > 0);
            _chapters.UnionWith(box.Chapters);
            if (TrackRefusal.Find(box) is TrackRefusal refusal)
            {
                LeaveOut(id, refusal.Name, refusal.Reason, refusal.IsMedia);
                return;
            }

            if (_samples.ContainsKey(id))
            {
                LeaveOut(id, name, "another track of the file has the same track_ID.", isMedia: true);
                return;
            }

            defaults.TryGetValue(id, out TrackDefaults trackDefaults);
            var samples = new TrackSamples(box, trackDefaults);
            BoxReader stbl = trak.Find("mdia").Find("minf").Find("stbl");
            SampleTableReader.Read(stbl, box, samples, _file);
            if (box.Descriptions.Select(description => description.Encryption).FirstOrDefault(found => found is not null) is TrackEncryption encryption)
            {
                samples.EncryptionGroups = EncryptionGroups.ReadDescriptions(stbl, encryption);
                if (samples.Count > 0)
                {
                    FragmentEncryption.Read(stbl, samples.ToFragment(), encryption, samples.EncryptionGroups, samples.EncryptedIn(_file.Index));
                }
            }

            _samples.Add(id, samples);
            _boxes.Add(box);
            _ = box.IsEnabled || _kindsWithDisabledTracks.Add(box.Kind);
        }
        catch (PackagingException e)
        {
            // The other tracks may be sound.
            LeaveOut(id, name, Sentence(e), isMedia: true);
        }
    }

    private Track ToTrack(TrackBox box, TrackSamples collected, SampleTable samples)
    {
        bool isVideo = box.Kind == TrackKind.Video;
        (long mediaTime, long delay) = new EditList(box, _timescale, _file.Path, _warnings).Resolve(samples, collected.HasGivenStart);
        return new Track
        {
            Kind = box.Kind,
            Name = string.Join("_", new[] { box.Kind.ToString().ToLowerInvariant(), box.Language }.Where(part => part is not null)),
            Label = box.Label,
            Language = box.Language,
            Roles = box.Roles,
            IsDefault = box.IsEnabled && _kindsWithDisabledTracks.Contains(box.Kind),
            Timescale = box.Timescale,
            Descriptions = collected.Descriptions,
            Samples = samples,
            MediaTime = mediaTime,
            Delay = delay,
            Matrix = isVideo ? box.Matrix : null,
            PresentationWidth = isVideo ? box.Width : 0,
            PresentationHeight = isVideo ? box.Height : 0,
            RollDistance = box.Kind == TrackKind.Audio ? Math.Max(box.RollDistance, collected.RollDistance) : 0,
            SourceFile = _file.Path,
            SourceTrackId = box.TrackId,
            Encrypted = collected.Encrypted.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<EncryptedRange>)entry.Value),
            KeyIds = [.. collected.Encrypted.Values.SelectMany(ranges => ranges).Select(range => range.Encryption.KeyId).Distinct()],
        };
    }

    private static string Sentence(PackagingException e) => e.Message.TrimEnd('.') + ".";

    private void LeaveOut(uint trackId, string codec, string reason, bool isMedia) =>
        _leftOut.Add(new LeftOutTrack(_file.Path, trackId, codec, reason, isMedia));
}
