using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Collects the fragments of one track into a sample table: places them in time, mends overlaps, finds sync samples.</summary>
/// <param name="isVideo">Sync flags that cannot be are looked at twice.</param>
internal sealed class FragmentedTrack(uint trackId, TrackDefaults defaults, int descriptionCount, bool isVideo)
{
    private readonly SampleTableBuilder _builder = new();
    private readonly HashSet<string> _warned = [];
    private int _missing;
    private int _total;

    public TrackDefaults Defaults { get; } = defaults;

    public int DescriptionCount { get; } = descriptionCount;

    /// <summary>True the first time that it is asked about a code.</summary>
    public bool WarnOnce(string code) => _warned.Add(code);

    public SampleTable Build(string file, long fileLength, ICollection<PackagingWarning> warnings)
    {
        if (_missing > 0)
        {
            warnings.Add(SampleTableReader.Truncated(_missing, _total, file, fileLength, fileLength));
        }

        return _builder.Build();
    }

    public void Add(
        List<FragmentSample> samples, FragmentTime time, byte[]? dependencies, int fileIndex, long fileLength, int description, string file,
        ICollection<PackagingWarning> warnings)
    {
        Place(samples[0], time, file, warnings);
        bool[]? sync = isVideo && samples.Count > 1 && samples.All(sample => sample.IsSync) ? SyncFromDependencies(dependencies, samples.Count) : null;
        for (int i = 0; i < samples.Count; i++)
        {
            FragmentSample sample = samples[i];
            _total++;
            if (sample.Offset < 0 || sample.Offset > fileLength - sample.Size)
            {
                _missing++;
                continue;
            }

            if (_missing > 0)
            {
                // What follows a hole would be played at the hole's time; the track ends there.
                _missing++;
                continue;
            }

            _builder.Add(sample.Duration, sample.CompositionOffset, sample.Size, sync?[i] ?? sample.IsSync, fileIndex, sample.Offset, description);
        }
    }

    private void Place(FragmentSample first, FragmentTime time, string file, ICollection<PackagingWarning> warnings)
    {
        if (time.Value is not long value)
        {
            return;
        }

        long decodeTime = time.IsPresentation ? value - first.CompositionOffset : value;
        if (_builder.Count == 0 || decodeTime > _builder.DecodeTime)
        {
            _builder.SetDecodeTime(decodeTime);
            return;
        }

        if (decodeTime == _builder.DecodeTime)
        {
            return;
        }

        if (WarnOnce("OverlappingFragments"))
        {
            warnings.Add(new PackagingWarning(
                "OverlappingFragments",
                $"a fragment of track {trackId} starts at {decodeTime}, {_builder.DecodeTime - decodeTime} ticks before the one in front of it ends; the last sample there is shortened.",
                file));
        }

        _builder.PullBackTo(decodeTime);
    }

    /// <summary>
    /// Smooth files clear the non-sync flag on every sample but tell the truth in 'sdtp' (ISO/IEC 14496-12 8.6.4): a sample that depends on no other
    /// starts a group of pictures. Null where sdtp says nothing.
    /// </summary>
    private static bool[]? SyncFromDependencies(byte[]? dependencies, int count)
    {
        if (dependencies is null || dependencies.Length < count)
        {
            return null;
        }

        bool[] sync = [.. dependencies.Take(count).Select(value => ((value >> 4) & 3) == 2)];
        return sync.Any(isSync => isSync) && !sync.All(isSync => isSync) ? sync : null;
    }
}
