namespace AmsMigration.Packaging.Presentations;

/// <summary>
/// The samples of a track in decode order: time, size, place. Structure of arrays, run-length where sources are regular: some 4 to 12 bytes a sample.
/// Immutable; build with <see cref="SampleTableBuilder"/>, read with a <see cref="SampleCursor"/>.
/// </summary>
public sealed class SampleTable
{
    internal SampleTable(
        int count, long totalBytes, long firstDecodeTime, long endDecodeTime, uint[] sizes,
        Runs<uint> durations, Runs<int> compositionOffsets, Runs<byte> flags, Runs<Chunk> chunks, long[] runDecodeTimes)
    {
        Count = count;
        TotalBytes = totalBytes;
        FirstDecodeTime = firstDecodeTime;
        EndDecodeTime = endDecodeTime;
        Sizes = sizes;
        Durations = durations;
        CompositionOffsets = compositionOffsets;
        Flags = flags;
        Chunks = chunks;
        RunDecodeTimes = runDecodeTimes;
    }

    /// <summary>A sample's file where its bytes are a range of <see cref="Literal"/>.</summary>
    public const int LiteralFile = -1;

    public int Count { get; }

    /// <summary>Bytes that lie in no file: of silence, which every sample of it shares; null where no sample has them.</summary>
    public byte[]? Literal { get; internal init; }

    /// <summary>Sum of the sizes of all samples that lie in files.</summary>
    public long TotalBytes { get; }

    /// <summary>Decode time of the first sample, ticks.</summary>
    public long FirstDecodeTime { get; }

    /// <summary>Decode time of the last sample plus its duration, ticks.</summary>
    public long EndDecodeTime { get; }

    internal uint[] Sizes { get; }

    internal Runs<uint> Durations { get; }

    internal Runs<int> CompositionOffsets { get; }

    internal Runs<byte> Flags { get; }

    internal Runs<Chunk> Chunks { get; }

    /// <summary>Decode time at the start of each run of <see cref="Durations"/>.</summary>
    internal long[] RunDecodeTimes { get; }

    /// <summary>The files that samples lie in, each once: indices into <see cref="Presentation.Files"/>.</summary>
    public IEnumerable<int> Files => Chunks.Values.Select(chunk => chunk.File).Where(file => file != LiteralFile).Distinct();

    /// <summary>The bytes of a sample in <see cref="LiteralFile"/>; not to be changed.</summary>
    internal byte[] GetLiteral(in SampleCursor sample)
    {
        if (sample.Offset == 0 && sample.Size == Literal!.Length)
        {
            return Literal;
        }

        var bytes = new byte[sample.Size];
        Buffer.BlockCopy(Literal!, (int)sample.Offset, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>A cursor that stands on sample <paramref name="index"/>; <paramref name="index"/> may be <see cref="Count"/> (the end).</summary>
    public SampleCursor GetCursor(int index = 0) => new(this, index);

    /// <summary>Bytes that lie together in one file from the first sample of the run on.</summary>
    internal readonly record struct Chunk(int File, long Offset);

    /// <summary>Value of every sample from <c>Starts[i]</c> up to the next start.</summary>
    internal sealed record Runs<T>(int[] Starts, T[] Values)
    {
        public int Find(int sample)
        {
            int i = Array.BinarySearch(Starts, sample);
            return i >= 0 ? i : ~i - 1;
        }
    }
}

/// <summary>Collects samples in decode order. Not safe for several threads.</summary>
public sealed class SampleTableBuilder
{
    private readonly RunList<uint> _durations = new();
    private readonly RunList<int> _compositionOffsets = new();
    private readonly RunList<byte> _flags = new();
    private readonly List<int> _chunkStarts = [];
    private readonly List<SampleTable.Chunk> _chunks = [];
    private readonly List<long> _runDecodeTimes = [];
    private uint[] _sizes;
    private int _count;
    private long _decodeTime;
    private long _firstDecodeTime;
    private long _totalBytes;
    private int _file = int.MinValue;
    private long _nextOffset;

    public SampleTableBuilder(int capacity = 0) => _sizes = new uint[capacity];

    public int Count => _count;

    /// <summary>See <see cref="SampleTable.Literal"/>.</summary>
    public byte[]? Literal { get; init; }

    /// <summary>Decode time that the next sample gets if none is given, ticks.</summary>
    public long DecodeTime => _decodeTime;

    /// <summary>Makes room for what is to be added, as far as it is known, so that nothing is copied as it grows.</summary>
    public void Reserve(int samples, int chunks, int compositionOffsets)
    {
        if (samples > _sizes.Length)
        {
            Array.Resize(ref _sizes, samples);
        }

        _chunkStarts.Capacity = Math.Max(_chunkStarts.Capacity, chunks);
        _chunks.Capacity = Math.Max(_chunks.Capacity, chunks);
        _compositionOffsets.Reserve(compositionOffsets);
    }

    /// <summary>Sets the decode time of the next sample: the start of the track, or a jump over a gap.</summary>
    public void SetDecodeTime(long decodeTime)
    {
        if (_count == 0)
        {
            _firstDecodeTime = decodeTime;
        }

        if (decodeTime != _decodeTime)
        {
            _decodeTime = decodeTime;
            _durations.Break();
        }
    }

    /// <summary>
    /// Moves the next sample's decode time back by shortening the samples before it, from the last on, to no less than a tick each.
    /// </summary>
    /// <param name="decodeTime">Where that is not enough, the nearest time that is.</param>
    /// <param name="first">The first sample that may be shortened; from there on samples follow each other without a gap.</param>
    public void ShortenTo(long decodeTime, int first)
    {
        if (first >= _count || decodeTime >= _decodeTime)
        {
            return;
        }

        _decodeTime = _runDecodeTimes[_runDecodeTimes.Count - 1] + ((long)(_count - _durations.LastStart) * _durations.LastValue);
        if (decodeTime >= _decodeTime)
        {
            SetDecodeTime(decodeTime);
            return;
        }

        long excess = _decodeTime - decodeTime;
        int kept = _count;
        List<uint> shortened = [];
        while (excess > 0 && kept > first)
        {
            uint duration = _durations.RemoveLast(--kept);
            uint cut = (uint)Math.Min(excess, Math.Max(0, (long)duration - 1));
            excess -= cut;
            _decodeTime -= duration;
            shortened.Add(duration - cut);
        }

        _runDecodeTimes.RemoveRange(_durations.Count, _runDecodeTimes.Count - _durations.Count);
        for (int i = shortened.Count - 1; i >= 0; i--)
        {
            AddDuration(kept++, shortened[i]);
        }
    }

    /// <param name="duration">Ticks to the next sample.</param>
    /// <param name="compositionOffset">Composition minus decode time, ticks; may be negative.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="isSync">Sync sample (ISO/IEC 14496-12 8.6.2).</param>
    /// <param name="file">Index into <see cref="Presentation.Files"/>, or <see cref="SampleTable.LiteralFile"/>.</param>
    /// <param name="offset">Bytes from the start of that file.</param>
    /// <param name="description">Index into <see cref="Track.Descriptions"/>, 0 to 126.</param>
    public void Add(uint duration, int compositionOffset, uint size, bool isSync, int file, long offset, int description = 0)
    {
        if (_count == _sizes.Length)
        {
            Array.Resize(ref _sizes, Math.Max(1024, _count + (_count / 2)));
        }

        AddDuration(_count, duration);
        _compositionOffsets.Add(_count, compositionOffset);
        _flags.Add(_count, (byte)((description << 1) | (isSync ? 1 : 0)));
        if (file != _file || offset != _nextOffset)
        {
            _chunkStarts.Add(_count);
            _chunks.Add(new SampleTable.Chunk(file, offset));
            _file = file;
        }

        _sizes[_count++] = size;
        _nextOffset = offset + size;
        _totalBytes += file == SampleTable.LiteralFile ? 0 : size;
    }

    public SampleTable Build()
    {
        if (_sizes.Length != _count)
        {
            Array.Resize(ref _sizes, _count);
        }

        return new SampleTable(
            _count, _totalBytes, _firstDecodeTime, _decodeTime, _sizes,
            _durations.ToRuns(), _compositionOffsets.ToRuns(), _flags.ToRuns(),
            new SampleTable.Runs<SampleTable.Chunk>([.. _chunkStarts], [.. _chunks]), [.. _runDecodeTimes])
        {
            Literal = Literal,
        };
    }

    private void AddDuration(int sample, uint duration)
    {
        if (_durations.Add(sample, duration))
        {
            _runDecodeTimes.Add(_decodeTime);
        }

        _decodeTime += duration;
    }

    private sealed class RunList<T>
        where T : struct, IEquatable<T>
    {
        private readonly List<int> _starts = [];
        private readonly List<T> _values = [];
        private bool _broken;

        public void Break() => _broken = true;

        public void Reserve(int runs)
        {
            _starts.Capacity = Math.Max(_starts.Capacity, runs);
            _values.Capacity = Math.Max(_values.Capacity, runs);
        }

        /// <summary>Number of runs.</summary>
        public int Count => _starts.Count;

        public int LastStart => _starts[_starts.Count - 1];

        public T LastValue => _values[_values.Count - 1];

        /// <summary>Forgets the last sample, which is <paramref name="sample"/>, and returns its value.</summary>
        public T RemoveLast(int sample)
        {
            T value = LastValue;
            _broken = true;
            if (LastStart == sample)
            {
                _starts.RemoveAt(_starts.Count - 1);
                _values.RemoveAt(_values.Count - 1);
            }

            return value;
        }

        /// <summary>True where a new run began.</summary>
        public bool Add(int sample, T value)
        {
            if (!_broken && _values.Count > 0 && _values[_values.Count - 1].Equals(value))
            {
                return false;
            }

            _broken = false;
            _starts.Add(sample);
            _values.Add(value);
            return true;
        }

        public SampleTable.Runs<T> ToRuns() => new([.. _starts], [.. _values]);
    }
}

/// <summary>Walks a <see cref="SampleTable"/> forward: constant time a step, no allocation.</summary>
public struct SampleCursor
{
    private readonly SampleTable _table;
    private int _duration;
    private int _compositionOffset;
    private int _flags;
    private int _chunk;
    private long _decodeTime;
    private long _offset;

    internal SampleCursor(SampleTable table, int index)
    {
        if (index < 0 || index > table.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        _table = table;
        Index = index;
        if (index == table.Count)
        {
            _decodeTime = table.EndDecodeTime;
            return;
        }

        _duration = table.Durations.Find(index);
        _compositionOffset = table.CompositionOffsets.Find(index);
        _flags = table.Flags.Find(index);
        _chunk = table.Chunks.Find(index);
        _decodeTime = table.RunDecodeTimes[_duration] + ((long)(index - table.Durations.Starts[_duration]) * table.Durations.Values[_duration]);
        _offset = table.Chunks.Values[_chunk].Offset;
        for (int i = table.Chunks.Starts[_chunk]; i < index; i++)
        {
            _offset += table.Sizes[i];
        }
    }

    public int Index { get; private set; }

    public readonly bool IsEnd => Index >= _table.Count;

    /// <summary>Ticks; at the end, <see cref="SampleTable.EndDecodeTime"/>.</summary>
    public readonly long DecodeTime => _decodeTime;

    public readonly uint Duration => _table.Durations.Values[_duration];

    public readonly int CompositionOffset => _table.CompositionOffsets.Values[_compositionOffset];

    public readonly long CompositionTime => _decodeTime + CompositionOffset;

    public readonly uint Size => _table.Sizes[Index];

    public readonly bool IsSync => (_table.Flags.Values[_flags] & 1) != 0;

    /// <summary>Index into <see cref="Track.Descriptions"/>.</summary>
    public readonly int Description => _table.Flags.Values[_flags] >> 1;

    /// <summary>Index into <see cref="Presentation.Files"/>, or <see cref="SampleTable.LiteralFile"/>.</summary>
    public readonly int File => _table.Chunks.Values[_chunk].File;

    /// <summary>Bytes from the start of the file.</summary>
    public readonly long Offset => _offset;

    /// <summary>Steps to the next sample; false at the end.</summary>
    public bool MoveNext()
    {
        if (IsEnd)
        {
            return false;
        }

        _decodeTime += Duration;
        _offset += Size;
        Index++;
        if (IsEnd)
        {
            _decodeTime = _table.EndDecodeTime;
            return false;
        }

        if (StartsRun(_table.Durations.Starts, _duration))
        {
            _decodeTime = _table.RunDecodeTimes[++_duration];
        }

        if (StartsRun(_table.CompositionOffsets.Starts, _compositionOffset))
        {
            _compositionOffset++;
        }

        if (StartsRun(_table.Flags.Starts, _flags))
        {
            _flags++;
        }

        if (StartsRun(_table.Chunks.Starts, _chunk))
        {
            _offset = _table.Chunks.Values[++_chunk].Offset;
        }

        return true;
    }

    private readonly bool StartsRun(int[] starts, int run) => run + 1 < starts.Length && starts[run + 1] == Index;
}
