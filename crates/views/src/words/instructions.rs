//! Sentences about documents that channels are told to make.

use model::{ChannelId, Deed, Instructed, InstructionEnd, InstructionId};

use super::{Names, remark};

pub(super) fn asked(names: &Names<'_>, put: &Instructed) -> String {
    let channel = names.channel(put.channel);
    let what = match &put.deed {
        Deed::MakeOrder(order) => {
            let at = names.location(order.location);
            format!("make an order of {} at {at}{}", lines(order.lines.len()), remark(order.note.as_str()))
        }
        Deed::MakeRefund(refund) => {
            let amount = format!("{} {}", refund.amount.to_decimal(), refund.amount.currency.code());
            format!("give {amount} back for {}{}", refund.document, remark(refund.note.as_str()))
        }
        Deed::PutCustomer(put) => match &put.customer {
            Some(customer) => format!("change customer {customer}"),
            None => "make a customer".to_owned(),
        },
        Deed::MakeTransfer(transfer) => {
            let (from, to) = (names.location(transfer.from), names.location(transfer.to));
            let note = remark(transfer.note.as_str());
            format!("make a transfer of {} from {from} to {to}{note}", lines(transfer.lines.len()))
        }
        Deed::MakePurchase(purchase) => {
            let (at, supplier) = (names.location(purchase.location), &purchase.supplier);
            let note = remark(purchase.note.as_str());
            format!("order {} from {supplier} for {at}{note}", lines(purchase.lines.len()))
        }
    };
    format!("{channel} was told to {what} (instruction {})", put.id.0)
}

fn lines(count: usize) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

pub(super) fn ended(names: &Names<'_>, id: InstructionId, channel: ChannelId, end: &InstructionEnd) -> String {
    let (id, channel) = (id.0, names.channel(channel));
    match end {
        InstructionEnd::Made { document } => format!("{channel} carried out instruction {id}: {document}"),
        InstructionEnd::Refused { because } => {
            format!("{channel} refused instruction {id}{}", remark(because.as_str()))
        }
        InstructionEnd::Withdrawn { because } => {
            format!("Instruction {id} to {channel} was called off{}", remark(because.as_str()))
        }
    }
}
