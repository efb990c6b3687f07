using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>'stsc' with 'stco' or 'co64' (ISO/IEC 14496-12 8.7.4, 8.7.5), read as it is walked.</summary>
internal sealed class ChunkTable
{
    private readonly bool _isLarge;
    private readonly int _chunkCount;
    private BoxReader _offsets;
    private BoxReader _map;
    private int _entriesLeft;
    private int _chunk;
    private long _nextFirstChunk = 1;
    private uint _nextSampleCount;
    private uint _nextDescription = 1;

    public ChunkTable(BoxReader stbl)
    {
        _isLarge = stbl.TryFind("co64", out _offsets);
        if (!_isLarge)
        {
            _offsets = stbl.Find("stco");
        }

        _offsets.FullBox();
        _chunkCount = _offsets.Count(_isLarge ? 8 : 4);
        _map = stbl.Find("stsc");
        _map.FullBox();
        _entriesLeft = _map.Count(12);
        ReadEntry();
    }

    /// <summary>Chunks in the whole table.</summary>
    public int Count => _chunkCount;

    public uint SampleCount { get; private set; }

    /// <summary>1-based, as stored.</summary>
    public uint Description { get; private set; }

    /// <summary>Bytes from the start of the file.</summary>
    public long Offset { get; private set; }

    public bool MoveNext()
    {
        if (_chunk >= _chunkCount)
        {
            return false;
        }

        _chunk++;
        while (_chunk >= _nextFirstChunk)
        {
            SampleCount = _nextSampleCount;
            Description = _nextDescription;
            ReadEntry();
        }

        Offset = _isLarge ? (long)Math.Min(_offsets.U64(), long.MaxValue) : _offsets.U32();
        return true;
    }

    private void ReadEntry()
    {
        if (_entriesLeft == 0)
        {
            _nextFirstChunk = long.MaxValue;
            return;
        }

        _entriesLeft--;
        _nextFirstChunk = _map.U32();
        _nextSampleCount = _map.U32();
        _nextDescription = _map.U32();
    }
}
