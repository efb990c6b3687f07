namespace AmsMigration.Packaging.Transfer;

/// <summary>Bytes of an output file in a buffer: some as they are, and behind them some of a run that is changed.</summary>
internal sealed class LanePiece(byte[] buffer)
{
    public byte[] Buffer { get; } = buffer;

    /// <summary>Where they begin.</summary>
    public int Start { get; private set; } = TransformChain.Headroom;

    /// <summary>Where those begin that are changed; has no meaning without <see cref="Chain"/>.</summary>
    public int Changed { get; private set; }

    public int End { get; private set; } = TransformChain.Headroom;

    public TransformChain? Chain { get; private set; }

    public int Count => End - Start;

    public int Room => Buffer.Length - End;

    /// <param name="chain">What changes the bytes; of one run alone, and the last that the piece takes. Null where they stay as they are.</param>
    public void Add(byte[] bytes, int index, int count, TransformChain? chain)
    {
        if (Chain is null && chain is not null)
        {
            (Chain, Changed) = (chain, End);
        }

        System.Buffer.BlockCopy(bytes, index, Buffer, End, count);
        End += count;
    }

    /// <summary>Tells what came of the bytes that were changed.</summary>
    public void SetResult(int from, int end)
    {
        Start = Start < Changed ? Start : from;
        End = end;
    }
}
