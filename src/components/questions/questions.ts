// The elements of every kind of question.
import './choice.ts'
import './find-bytes.ts'
import './put-in-order.ts'
import './short-answer.ts'
