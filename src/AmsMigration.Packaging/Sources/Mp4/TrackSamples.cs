using AmsMigration.Packaging.Codecs;
using AmsMigration.Packaging.IsoBmff;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection.Reading;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Collects the samples of one track, out of tables and fragments: places fragments in time, mends overlaps, counts what is missing.</summary>
internal sealed class TrackSamples(TrackBox track, TrackDefaults defaults)
{
    /// <summary>Some two thousand years: what is further from 0 is no time, and would overflow where timescales meet.</summary>
    private const decimal MaxSeconds = 1L << 36;

    /// <summary>Four years: what is further behind the sample in front of it belongs to no event, and indexes could not tell where it is.</summary>
    private const decimal MaxGap = 1L << 27;

    /// <summary>Bytes of fragments that look the same: few, unless a file is made to cost time.</summary>
    private const long MaxCompared = 64 * 1024 * 1024;

    private readonly SampleTableBuilder _builder = new();
    private readonly List<SampleDescription> _descriptions = [.. track.Descriptions];
    private readonly List<(string Code, string Message)> _warnings = [];
    private long _missing;
    private long _firstMissingOffset;
    private readonly List<FragmentSample> _fragment = [];
    private int _fragmentStart;
    private long _fragmentStartTime;
    private MediaFile _fragmentFile;
    private long _compared;
    private int _repetitions;
    private int _overlaps;
    private long _worstOverlap;
    private int _ignoredTimes;
    private int _impossibleTimes;
    private int _impossibleOffsets;
    private IReadOnlyList<int> _descriptionMap = track.DescriptionMap;

    public TrackBox Track { get; } = track;

    public TrackDefaults Defaults { get; private set; } = defaults;

    /// <summary>Of all its headers.</summary>
    public IReadOnlyList<SampleDescription> Descriptions => _descriptions;

    /// <summary>A later header made another kind of track of it: its fragments are no longer taken.</summary>
    public bool IsEnded { get; private set; }

    public int Count => _builder.Count;

    /// <summary>Where the next sample begins if nothing is missing, ticks.</summary>
    public long EndDecodeTime => _builder.DecodeTime;

    /// <summary>The first sample's time is the one that its fragment gave; false for tables and for fragments without times.</summary>
    public bool HasGivenStart { get; private set; }

    /// <summary>Samples lie behind the end of their file.</summary>
    public bool IsCut => _missing > 0;

    /// <summary>Of the fragments' 'roll' groups; 0 where they have none.</summary>
    public int RollDistance { get; set; }

    /// <summary>Encrypted bytes, by index of the file.</summary>
    public Dictionary<int, List<EncryptedRange>> Encrypted { get; } = [];

    /// <summary>'seig' groups that the header describes.</summary>
    public IReadOnlyList<TrackEncryption> EncryptionGroups { get; set; } = [];

    /// <summary>Warns once a code.</summary>
    /// <param name="message">Goes on behind "track N ".</param>
    public void Warn(string code, string message)
    {
        if (!_warnings.Exists(warning => warning.Code == code))
        {
            _warnings.Add((code, message));
        }
    }

    /// <summary>Index into <see cref="Descriptions"/> of a sample_description_index, which starts at 1; the first of its header where it is wrong.</summary>
    public int FindDescription(uint number)
    {
        int index = number >= 1 && number <= _descriptionMap.Count ? _descriptionMap[(int)number - 1] : -1;
        if (index >= 0)
        {
            return index;
        }

        Warn("WrongSampleDescription", $"names sample description {number} of {_descriptionMap.Count}; the first one is taken.");
        return _descriptionMap.FirstOrDefault(used => used >= 0);
    }

    /// <summary>Another header of the track: the fragments behind it are by its sample entries and defaults.</summary>
    /// <param name="file">Where it was found, for messages.</param>
    public void Configure(TrackBox header, TrackDefaults defaults, string file)
    {
        TrackRefusal? refusal = TrackRefusal.Find(header);
        List<SampleDescription> fresh = [.. header.Descriptions.Where(description => FindSame(description) < 0)];
        IsEnded = refusal is not null || header.Timescale != Track.Timescale || header.Kind != Track.Kind
            || _descriptions.Count + fresh.Count > TrackBoxReader.MaxDescriptions
            || fresh.Exists(description => description.Codec.Family != _descriptions[0].Codec.Family);
        if (IsEnded)
        {
            string what = refusal?.Name ?? header.Descriptions[0].Codec.Name;
            Warn(
                "ConfigurationChanged",
                $"goes on in '{file}' as {what} at {header.Timescale} ticks a second, which cannot be one track with what is in front of it, and is left out.");
            return;
        }

        _descriptions.AddRange(fresh);
        int[] places = [.. header.Descriptions.Select(FindSame)];
        _descriptionMap = [.. header.DescriptionMap.Select(index => index < 0 ? index : places[index])];
        Defaults = defaults;
        if (fresh.Count > 0)
        {
            Warn("ConfigurationChanged", $"changes its codec configuration in '{file}'; each part is decoded by its own.");
        }
    }

    private int FindSame(SampleDescription description) =>
        _descriptions.FindIndex(known => known.Entry.SequenceEqual(description.Entry) && Equals(known.Encryption, description.Encryption));

    public List<EncryptedRange> EncryptedIn(int file)
    {
        if (!Encrypted.TryGetValue(file, out List<EncryptedRange>? ranges))
        {
            Encrypted[file] = ranges = [];
        }

        return ranges;
    }

    public void Reserve(int samples, int chunks, int compositionOffsets) => _builder.Reserve(samples, chunks, compositionOffsets);

    public void Add(uint duration, int compositionOffset, uint size, bool isSync, int file, long offset, int description) =>
        _builder.Add(duration, compositionOffset, size, isSync, file, offset, description);

    /// <summary>What is there so far, as far as encryption wants to know it.</summary>
    public IReadOnlyList<FragmentSample> ToFragment()
    {
        var samples = new List<FragmentSample>(Count);
        SampleCursor cursor = _builder.Build().GetCursor();
        for (; !cursor.IsEnd; cursor.MoveNext())
        {
            samples.Add(new FragmentSample(cursor.Duration, cursor.CompositionOffset, cursor.Size, 0, cursor.Offset));
        }

        return samples;
    }

    /// <summary>Counts samples that lie behind the end of the file.</summary>
    public void Miss(long count, long offset)
    {
        _firstMissingOffset = _missing == 0 ? offset : _firstMissingOffset;
        _missing += count;
    }

    /// <summary>
    /// The fragment in front once more, as encoders send it again after they lost a connection: played twice, it would make the track late to its end.
    /// Where all samples have one size, another fragment looks the same, and their media has to be compared.
    /// </summary>
    /// <param name="samples">All of a fragment, at least one, as <see cref="MendOffsets"/> left them.</param>
    /// <param name="read">Gives a range of a file, or less where it cannot; null for nothing.</param>
    public async Task<bool> IsRepetitionAsync(List<FragmentSample> samples, FragmentStart? start, MediaFile file, ReadMedia? read)
    {
        if (!LooksRepeated(samples, start))
        {
            return false;
        }

        if (samples.Exists(sample => sample.Size != samples[0].Size))
        {
            return true;
        }

        long length = samples.Count * (long)samples[0].Size;
        bool isThere = length > 0 && samples[0].LiesIn(file) && samples[samples.Count - 1].LiesIn(file) && IsOnePiece(samples) && IsOnePiece(_fragment);
        if (read is null || !isThere || length > MaxCompared - _compared)
        {
            return false;
        }

        _compared += length;
        byte[] media = await read(file, samples[0].Offset, (int)length).ConfigureAwait(false);
        byte[] before = await read(_fragmentFile, _fragment[0].Offset, (int)length).ConfigureAwait(false);
        return media.Length == length && media.SequenceEqual(before);
    }

    /// <summary>Counts a fragment that is there already.</summary>
    /// <returns>Without samples.</returns>
    public TrackFragment AddRepetition(List<FragmentSample> samples)
    {
        _repetitions++;
        return new TrackFragment(Track.TrackId, _builder.Count, 0, _fragmentStartTime, samples[0].CompositionOffset, FragmentTimeSource.Summed);
    }

    /// <param name="samples">All of a fragment, at least one, as <see cref="MendOffsets"/> left them.</param>
    /// <param name="isSync">For each sample.</param>
    public TrackFragment AddFragment(List<FragmentSample> samples, bool[] isSync, FragmentStart? start, MediaFile file, int description)
    {
        FragmentTimeSource source = Place(samples[0], start);
        _fragmentStart = _builder.Count;
        _fragmentStartTime = _builder.DecodeTime;
        _fragmentFile = file;
        _fragment.Clear();
        _fragment.AddRange(samples);
        int i = 0;
        for (; i < samples.Count && samples[i].LiesIn(file); i++)
        {
            FragmentSample sample = samples[i];
            Add(sample.Duration, sample.CompositionOffset, sample.Size, isSync[i], file.Index, sample.Offset, description);
        }

        if (i < samples.Count)
        {
            Miss(samples.Count - i, samples[i].Offset);
            _builder.SetDecodeTime(_builder.DecodeTime + samples.Skip(i).Sum(sample => (long)sample.Duration));
        }

        return new TrackFragment(Track.TrackId, _fragmentStart, _builder.Count - _fragmentStart, _fragmentStartTime, samples[0].CompositionOffset, source);
    }

    /// <param name="file">For messages.</param>
    /// <exception cref="PackagingException"><c>ImpossibleTime</c>.</exception>
    public SampleTable Build(MediaFile file, ICollection<PackagingWarning> warnings)
    {
        SampleTable table = _builder.Build();
        decimal limit = MaxSeconds * Track.Timescale;
        if (Math.Abs((decimal)table.FirstDecodeTime) > limit || Math.Abs((decimal)table.EndDecodeTime) > limit)
        {
            throw new PackagingException(
                "ImpossibleTime", $"track {Track.TrackId} lasts from {table.FirstDecodeTime} to {table.EndDecodeTime} at {Track.Timescale} ticks a second", file.Path);
        }

        foreach ((string code, string message) in _warnings.Concat(Summarize()))
        {
            warnings.Add(new PackagingWarning(code, $"track {Track.TrackId} {message}", file.Path));
        }

        return table;
    }

    private IEnumerable<(string Code, string Message)> Summarize()
    {
        if (_missing > 0 && _builder.Count > 0)
        {
            yield return ("TruncatedMedia",
                $"lacks {_missing} of {_missing + _builder.Count} samples: the first of them should lie at offset {_firstMissingOffset}, behind the end of the file. The others are converted.");
        }

        if (_overlaps > 0)
        {
            yield return ("OverlappingFragments",
                $"has {_overlaps} fragments that start before the one in front of them ends, by up to {_worstOverlap} ticks of {Track.Timescale} a second; those in front are shortened.");
        }

        if (_repetitions > 0)
        {
            yield return ("RepeatedFragment", $"has {_repetitions} fragments twice; they are converted once.");
        }

        if (_ignoredTimes > 0)
        {
            yield return ("FragmentTimeIgnored", $"has {_ignoredTimes} fragments that do not start behind the start of the one in front of them; they follow it without a gap.");
        }

        if (_impossibleOffsets > 0)
        {
            yield return ("CompositionOffsetImpossible", $"has {_impossibleOffsets} samples that claim to be presented far from when they are decoded; they are presented like those around them.");
        }

        if (_impossibleTimes > 0)
        {
            yield return ("FragmentTimeImpossible", $"has {_impossibleTimes} fragments that claim to start thousands of years from 0 or years behind the one in front of them, which they follow without a gap.");
        }
    }

    /// <summary>
    /// Frames are reordered over the few that a decoder holds: what is presented much further from its decoding than others is a damaged byte, for which all
    /// else would have to be moved. It is presented like the others.
    /// </summary>
    /// <param name="usual">The offset of most samples around it, ticks: writers delay whole tracks so.</param>
    public int MendOffset(int offset, int usual, uint duration)
    {
        if (!IsFar(offset - (long)usual, duration))
        {
            return offset;
        }

        _impossibleOffsets++;
        return usual;
    }

    /// <summary>True for what no reordering explains.</summary>
    public bool IsFar(long offset, uint duration)
    {
        const int Frames = 64;
        const int Seconds = 10;
        return Math.Abs(offset) > Math.Max((long)Seconds * Track.Timescale, (long)Frames * duration);
    }

    /// <summary>Of a whole fragment; see <see cref="MendOffset"/>.</summary>
    public void MendOffsets(List<FragmentSample> samples)
    {
        if (!samples.Exists(sample => IsFar(sample.CompositionOffset, sample.Duration)))
        {
            return;
        }

        int usual = samples.Select(sample => sample.CompositionOffset).OrderBy(offset => offset).ElementAt(samples.Count / 2);
        for (int i = 0; i < samples.Count; i++)
        {
            samples[i] = samples[i] with { CompositionOffset = MendOffset(samples[i].CompositionOffset, usual, samples[i].Duration) };
        }
    }

    private bool LooksRepeated(List<FragmentSample> samples, FragmentStart? start) =>
        start is FragmentStart given
        && _fragment.Count == samples.Count
        && _builder.Count - _fragmentStart == samples.Count
        && (given.IsPresentation ? given.Time - samples[0].CompositionOffset : given.Time) == _fragmentStartTime
        && samples.Zip(_fragment, (sample, before) => (sample.Size, sample.Duration, sample.CompositionOffset) == (before.Size, before.Duration, before.CompositionOffset)).All(same => same);

    private static bool IsOnePiece(List<FragmentSample> samples)
    {
        for (int i = 1; i < samples.Count; i++)
        {
            if (samples[i].Offset != samples[i - 1].Offset + samples[i - 1].Size)
            {
                return false;
            }
        }

        return true;
    }

    private FragmentTimeSource Place(FragmentSample first, FragmentStart? start)
    {
        if (start is not FragmentStart given)
        {
            return FragmentTimeSource.Summed;
        }

        if (Math.Abs((decimal)given.Time) > MaxSeconds * Track.Timescale)
        {
            _impossibleTimes++;
            return FragmentTimeSource.Summed;
        }

        long decodeTime = given.IsPresentation ? given.Time - first.CompositionOffset : given.Time;
        if (_builder.Count > 0 && (decimal)decodeTime - _builder.DecodeTime > MaxGap * Track.Timescale)
        {
            _impossibleTimes++;
            return FragmentTimeSource.Summed;
        }

        if (_builder.Count == 0)
        {
            HasGivenStart = true;
            _builder.SetDecodeTime(decodeTime);
        }
        else if (decodeTime >= _builder.DecodeTime)
        {
            _builder.SetDecodeTime(decodeTime);
        }
        else if (decodeTime > _fragmentStartTime && _builder.Count > _fragmentStart)
        {
            _overlaps++;
            _worstOverlap = Math.Max(_worstOverlap, _builder.DecodeTime - decodeTime);
            _builder.ShortenTo(decodeTime, _fragmentStart);
        }
        else
        {
            _ignoredTimes++;
            return FragmentTimeSource.Summed;
        }

        return given.Source;
    }
}
